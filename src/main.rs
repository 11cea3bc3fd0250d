//! The program: everything is in the library.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Gives back what threads that read pages leave behind; the C library's keeps most of it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    boardwatch::cli::main()
}
