"""Write a checkpoint as GGUF for llama.cpp.

    python export.py --weights RUN/last.npz --out ../models/galen-extract-v1.gguf
"""

import argparse
import hashlib
import os

import gguf
import jax
import numpy as np

import checkpoint
import model
from tokenizer import BOS, EOS, UNKNOWN, Tokenizer

CONTEXT = 1024


def write(path, weights, shape, tokenizer):
    """Write the file; a reader never sees half of it."""
    part = path + ".part"
    out = gguf.GGUFWriter(part, "llama")
    out.add_name("Galen extract v1")
    out.add_description("Reads facts out of one segment of a clinical note")
    out.add_license("apache-2.0")
    out.add_string("galen.template", "galen-extract-v1")
    out.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    out.add_context_length(CONTEXT)
    out.add_embedding_length(shape.width)
    out.add_block_count(shape.layers)
    out.add_feed_forward_length(shape.hidden)
    out.add_head_count(shape.heads)
    out.add_head_count_kv(shape.heads)
    out.add_rope_dimension_count(shape.head)
    out.add_rope_freq_base(shape.base)
    out.add_layer_norm_rms_eps(shape.epsilon)
    out.add_vocab_size(shape.vocabulary)
    out.add_tokenizer_model("llama")
    out.add_tokenizer_pre("default")
    out.add_token_list([p.encode() for p in tokenizer.pieces])
    out.add_token_scores(tokenizer.scores)
    out.add_token_types(tokenizer.types)
    out.add_bos_token_id(BOS)
    out.add_eos_token_id(EOS)
    out.add_unk_token_id(UNKNOWN)
    out.add_add_bos_token(True)
    out.add_add_eos_token(False)
    out.add_add_space_prefix(False)

    def half(name, matrix):
        """GGUF wants (outputs, inputs); the model here multiplies from the left."""
        out.add_tensor(name, np.ascontiguousarray(matrix.astype(np.float16)))

    half("token_embd.weight", weights["embedding"])
    out.add_tensor("output_norm.weight", weights["norm"].astype(np.float32))
    names = {"q": "attn_q", "k": "attn_k", "v": "attn_v", "o": "attn_output", "gate": "ffn_gate", "up": "ffn_up", "down": "ffn_down"}
    for i, layer in enumerate(weights["layers"]):
        out.add_tensor(f"blk.{i}.attn_norm.weight", layer["attention_norm"].astype(np.float32))
        out.add_tensor(f"blk.{i}.ffn_norm.weight", layer["hidden_norm"].astype(np.float32))
        for key, name in names.items():
            half(f"blk.{i}.{name}.weight", layer[key].T)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()
    os.replace(part, path)


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", required=True, help="a checkpoint of train.py")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    tokenizer = Tokenizer.load()
    shape = model.Shape(len(tokenizer.pieces))
    weights = jax.tree.map(np.asarray, checkpoint.load(options.weights, checkpoint.fresh(shape))["mean"])
    write(options.out, weights, shape, tokenizer)
    with open(options.out, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    sums = os.path.join(os.path.dirname(os.path.abspath(options.out)), "SHA256SUMS")
    with open(sums, "w", encoding="utf-8") as file:
        file.write(f"{digest}  {os.path.basename(options.out)}\n")
    print(f"{digest}  {options.out} ({os.path.getsize(options.out):,} bytes)")


if __name__ == "__main__":
    main()
