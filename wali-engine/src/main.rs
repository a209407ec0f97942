//! `wali-engine`: the command.

fn main() -> std::process::ExitCode {
    wali_engine::cli::main()
}
