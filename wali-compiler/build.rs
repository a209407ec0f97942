//! Links the command statically.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if let Err(problem) = wali_link::link_statically() {
        println!("cargo::warning=wali-compiler starts later than it could: {problem}");
    }
}
