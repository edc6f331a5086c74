//! Text out of XHTML narratives: tags dropped, block elements on lines of their own, entities decoded.

/// Elements that end a line.
const BLOCKS: [&str; 14] = [
    "p",
    "div",
    "br",
    "tr",
    "table",
    "ul",
    "ol",
    "section",
    "thead",
    "tbody",
    "hr",
    "pre",
    "blockquote",
    "caption",
];
/// Elements whose content is not text.
const SILENT: [&str; 3] = ["script", "style", "head"];
/// Elements whose content its author struck out.
const STRUCK: [&str; 3] = ["del", "s", "strike"];

/// What was read of a fragment.
#[derive(Debug, PartialEq, Eq)]
pub struct Text {
    pub text: String,
    /// Whether struck-out text was left out.
    pub struck_out: bool,
}

/// The text of an XHTML fragment. Total: whatever is not well-formed is taken as text. Struck-out text is
/// left out.
pub fn text(markup: &str) -> Text {
    let mut out = String::with_capacity(markup.len());
    let mut rest = markup;
    let mut struck_out = false;
    // The element whose content is left out, and how many of its name are open in it.
    let mut silent: Option<(String, usize)> = None;
    while let Some(at) = rest.find(['<', '&']) {
        if silent.is_none() {
            out.push_str(&rest[..at]);
        }
        rest = &rest[at..];
        if rest.starts_with('&') {
            let (decoded, used) = entity(rest);
            if silent.is_none() {
                out.push(decoded);
            }
            rest = &rest[used..];
            continue;
        }
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let Some(end) = rest.find('>') else {
            break;
        };
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        let closing = tag.starts_with('/');
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric())
            .collect::<String>()
            .to_ascii_lowercase();
        let opening = !closing && !tag.ends_with('/');
        let struck = STRUCK.contains(&name.as_str()) || is_struck_by_style(tag);
        if let Some((inside, open)) = &mut silent {
            if name == *inside && closing {
                *open -= 1;
            } else if name == *inside && opening {
                *open += 1;
            }
            if *open == 0 {
                silent = None;
            }
        } else if opening && (struck || SILENT.contains(&name.as_str())) {
            struck_out |= struck;
            silent = Some((name, 1));
        } else {
            separate(&mut out, &name, closing);
        }
    }
    if silent.is_none() {
        out.push_str(rest);
    }
    Text { text: out, struck_out }
}

/// Whether a tag's style strikes its content out.
fn is_struck_by_style(tag: &str) -> bool {
    tag.contains("line-through")
}

/// Writes what stands for a tag.
fn separate(out: &mut String, name: &str, closing: bool) {
    let heading = name.len() == 2 && name.starts_with('h') && name.as_bytes()[1].is_ascii_digit();
    match name {
        "li" if !closing => out.push_str("\n- "),
        "li" => out.push('\n'),
        "td" | "th" if closing => out.push_str("; "),
        _ if heading && !closing => out.push_str("\n# "),
        _ if heading || BLOCKS.contains(&name) => out.push('\n'),
        _ => {}
    }
}

/// The character of the entity at the start of `text`, and its length in bytes; `&` itself where there is
/// none.
fn entity(text: &str) -> (char, usize) {
    let Some(end) = text.bytes().take(12).position(|b| b == b';') else {
        return ('&', 1);
    };
    let name = &text[1..end];
    let decoded = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => name.strip_prefix('#').and_then(|number| {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            };
            code.and_then(char::from_u32)
        }),
    };
    decoded.map_or(('&', 1), |c| (c, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_and_text_stays() {
        let markup = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><h2>Plan</h2><ul><li>aspirin &lt; 81&#160;mg</li><li>x &amp; y</li></ul><style>p{}</style><!-- no --></div>";
        let lines: Vec<String> =
            text(markup).text.lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect();
        assert_eq!(lines, ["# Plan", "- aspirin < 81\u{a0}mg", "- x & y"]);
    }

    #[test]
    fn what_is_not_markup_is_text() {
        for (markup, expected) in [
            ("BP < 120 & falling", "BP < 120 & falling"),
            ("a & b &unknown; c", "a & b &unknown; c"),
            ("é&#xe9;", "éé"),
        ] {
            assert_eq!(text(markup), Text { text: expected.into(), struck_out: false });
        }
    }

    #[test]
    fn what_was_struck_out_is_left_out_and_said() {
        for struck in [
            "<p>gout <del>asthma <del>x</del> y</del>now</p>",
            "<p>gout <s>asthma</s>now</p>",
            "<p>gout <strike>asthma</strike>now</p>",
            "<p>gout <span style=\"text-decoration: line-through\">as<span>th</span>ma</span>now</p>",
        ] {
            assert_eq!(text(struck), Text { text: "\ngout now\n".into(), struck_out: true }, "{struck}");
        }
        assert!(!text("<p>s <strong>gout</strong></p>").struck_out);
    }
}
