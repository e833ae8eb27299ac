// Reads model.safetensors, which Regulus has written, with the reference implementation of the format (the Rust core of Python's
// `safetensors`), prints what it finds, and writes rewritten.safetensors with the same content and metadata of its own beside it.
//
// To make it anew: node make-model.mjs, then, in a Cargo project that depends on `safetensors`, cargo run with this file.
use safetensors::{serialize, SafeTensors};
use std::fs::{read, write};

fn main() {
    let bytes = read("model.safetensors").unwrap();
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let mut metadata = header.metadata().clone().unwrap();
    metadata.insert("format".to_string(), "np".to_string());
    let file = SafeTensors::deserialize(&bytes).unwrap();
    for (name, view) in file.tensors() {
        println!("{name} {:?} {:?}", view.dtype(), view.shape());
    }
    write("rewritten.safetensors", serialize(file.tensors(), Some(metadata)).unwrap()).unwrap();
}
