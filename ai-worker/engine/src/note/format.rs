//! Tells formats that are no plain text from plain text, by their first bytes, and decodes the character sets
//! that are read.

/// A format that is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    Pdf,
    Rtf,
    Cda,
    Xml,
    Html,
    Hl7v2,
    Mime,
    Gzip,
    Zip,
    Word,
    Image,
    Dicom,
    Audio,
    /// Anything else that is no text.
    Binary,
}

impl Format {
    /// Returns the format's name, and what to do to have it read.
    #[must_use]
    pub fn advice(self) -> (&'static str, &'static str) {
        match self {
            Self::Pdf => ("PDF", "extract its text (pdftotext, or OCR for a scan)"),
            Self::Rtf => ("RTF", "convert it to plain text"),
            Self::Cda => {
                ("a CDA document", "put its narrative into a FHIR Composition, or export it as plain text")
            }
            Self::Xml => ("XML", "hand over FHIR as JSON"),
            Self::Html => ("HTML", "put it into a DocumentReference as an attachment of type text/html"),
            Self::Hl7v2 => ("an HL7 v2 message", "take the text out of its OBX segments"),
            Self::Mime => ("a MIME message", "hand over the text part alone"),
            Self::Gzip => ("gzip", "unpack it"),
            Self::Zip => ("a ZIP archive or an Office document", "unpack it, or export it as plain text"),
            Self::Word => ("a Word document", "export it as plain text"),
            Self::Image => ("an image", "images are never read: run OCR and check the text"),
            Self::Dicom => ("DICOM", "images are never read: hand over the report's text"),
            Self::Audio => ("audio or video", "transcribe it and check the text"),
            Self::Binary => ("binary data", "hand over plain text or FHIR JSON"),
        }
    }

    /// Returns the format that a MIME type names, if it is one that is not read.
    pub(super) fn of_type(kind: &str) -> Self {
        match kind {
            "application/pdf" => Self::Pdf,
            "application/rtf" | "text/rtf" => Self::Rtf,
            "application/hl7-v3+xml" | "application/cda+xml" => Self::Cda,
            "application/xml" | "text/xml" | "application/fhir+xml" => Self::Xml,
            "application/hl7-v2" | "x-application/hl7-v2+er7" => Self::Hl7v2,
            "application/gzip" => Self::Gzip,
            "application/zip" => Self::Zip,
            "application/dicom" => Self::Dicom,
            "application/msword" => Self::Word,
            _ if kind.starts_with("application/vnd.openxmlformats") => Self::Word,
            _ if kind.starts_with("image/") => Self::Image,
            _ if kind.starts_with("audio/") || kind.starts_with("video/") => Self::Audio,
            _ => Self::Binary,
        }
    }
}

/// Returns the format that bytes begin like, if that is no plain text. Sources: the formats' own
/// specifications.
#[must_use]
pub fn sniff(bytes: &[u8]) -> Option<Format> {
    let signatures: [(&[u8], Format); 17] = [
        (b"%PDF-", Format::Pdf),
        (b"{\\rtf", Format::Rtf),
        (b"MSH|", Format::Hl7v2),
        (b"\x0bMSH|", Format::Hl7v2),
        (b"FHS|", Format::Hl7v2),
        (b"\x1f\x8b", Format::Gzip),
        (b"PK\x03\x04", Format::Zip),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::Word),
        (b"\x89PNG", Format::Image),
        (b"\xff\xd8\xff", Format::Image),
        (b"GIF8", Format::Image),
        (b"II*\0", Format::Image),
        (b"MM\0*", Format::Image),
        (b"RIFF", Format::Audio),
        (b"ID3", Format::Audio),
        (b"MIME-Version:", Format::Mime),
        (b"\x7fELF", Format::Binary),
    ];
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = start.trim_ascii_start();
    // A signature of two letters could begin a note; each of these has a character that no note begins with,
    // or four letters.
    if let Some((_, format)) = signatures.iter().find(|(signature, _)| start.starts_with(signature)) {
        return Some(*format);
    }
    if bytes.get(128..132) == Some(b"DICM") {
        return Some(Format::Dicom);
    }
    if start.starts_with(b"<") {
        return markup(&start[..start.len().min(2_048)]);
    }
    let controls = bytes.iter().take(4_096).filter(|byte| is_control(**byte)).count();
    (bytes.contains(&0) || controls > 8).then_some(Format::Binary)
}

/// Angle brackets also stand in notes ("<5 mg"): markup begins with a declaration, a comment or a known root.
fn markup(start: &[u8]) -> Option<Format> {
    let text = String::from_utf8_lossy(start).to_ascii_lowercase();
    let has = |name: &str| text.contains(name);
    if has("<clinicaldocument") {
        Some(Format::Cda)
    } else if text.starts_with("<!doctype html") || has("<html") {
        Some(Format::Html)
    } else if text.starts_with("<?xml") || text.starts_with("<!") || has("xmlns=") {
        Some(Format::Xml)
    } else if ["<body", "<div", "<p>", "<table", "<span"].iter().any(|root| text.starts_with(root)) {
        Some(Format::Html)
    } else {
        None
    }
}

fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | 0x1b)
}

/// A character set that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    Utf8,
    /// ISO-8859-1, read as its superset windows-1252, as browsers do (WHATWG Encoding, "latin1").
    Latin1,
}

impl Charset {
    /// Returns the character set of a name as MIME has it; `None` if it is not read.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name.trim().trim_matches('"').to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" | "us-ascii" | "ascii" => Some(Self::Utf8),
            "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" | "latin-1" | "l1" | "windows-1252"
            | "cp1252" => Some(Self::Latin1),
            _ => None,
        }
    }

    /// Returns the text; `None` if the bytes are not of this character set.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Utf8 => String::from_utf8(bytes.to_vec()).ok(),
            Self::Latin1 => bytes.iter().map(|byte| latin1(*byte)).collect(),
        }
    }
}

/// The characters of windows-1252 from 0x80 to 0x9f; 0 where none is assigned.
const WINDOWS_1252: [u16; 32] = [
    0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
    0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
    0x0153, 0, 0x017e, 0x0178,
];

fn latin1(byte: u8) -> Option<char> {
    match byte {
        0x80..=0x9f => {
            let code = WINDOWS_1252[usize::from(byte - 0x80)];
            char::from_u32(u32::from(code)).filter(|_| code != 0)
        }
        byte => Some(char::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_beginning() {
        let rows: [(&[u8], Format); 14] = [
            (b"%PDF-1.7\n%\xe2\xe3", Format::Pdf),
            (b"\xef\xbb\xbf {\\rtf1\\ansi gout}", Format::Rtf),
            (b"MSH|^~\\&|EHR|A|B|C|2026||MDM^T02|1|P|2.5\rOBX|1|TX|||gout", Format::Hl7v2),
            (b"\x1f\x8b\x08\x00", Format::Gzip),
            (b"PK\x03\x04\x14", Format::Zip),
            (b"\x89PNG\r\n\x1a\n", Format::Image),
            (b"<?xml version=\"1.0\"?><ClinicalDocument xmlns=\"urn:hl7-org:v3\"/>", Format::Cda),
            (b"<ClinicalDocument>", Format::Cda),
            (b"<?xml version=\"1.0\"?><DocumentReference xmlns=\"http://hl7.org/fhir\"/>", Format::Xml),
            (b"<DocumentReference xmlns=\"http://hl7.org/fhir\">", Format::Xml),
            (b"\n<!DOCTYPE html><p>gout", Format::Html),
            (b"<div>gout</div>", Format::Html),
            (b"MIME-Version: 1.0\nContent-Type: text/plain", Format::Mime),
            (b"gout\0", Format::Binary),
        ];
        for (bytes, format) in rows {
            assert_eq!(sniff(bytes), Some(format), "{}", String::from_utf8_lossy(bytes));
        }
        let mut dicom = vec![0; 128];
        dicom.extend(b"DICM");
        assert_eq!(sniff(&dicom), Some(Format::Dicom));
    }

    #[test]
    fn notes_are_text() {
        for note in [
            "< 5 mg of prednisone\n",
            "<s>gout</s>\n",
            "MSH was seen. ID 3 was not.",
            "GIF was attached? No.",
            "\u{feff}# Problems\n- gout",
            "Page 1\u{c}Page 2",
            "",
        ] {
            assert_eq!(sniff(note.as_bytes()), None, "{note:?}");
        }
    }

    #[test]
    fn latin_1_is_decoded_and_other_sets_have_no_name() {
        assert_eq!(Charset::Latin1.decode(b"Caf\xe9 \x93x\x94 5 \xb5g").as_deref(), Some("Café “x” 5 µg"));
        assert_eq!(Charset::Latin1.decode(b"\x81"), None);
        assert_eq!(Charset::Utf8.decode(b"Caf\xe9"), None);
        assert_eq!(Charset::named(" \"ISO-8859-1\""), Some(Charset::Latin1));
        for other in ["utf-16", "shift_jis", "koi8-r", "iso-8859-2", ""] {
            assert_eq!(Charset::named(other), None, "{other}");
        }
    }
}
