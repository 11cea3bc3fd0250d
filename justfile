# What people who work on boardwatch type. `just` alone lists it.

_list:
    @just --list

# Everything that must hold before a change is taken in
check:
    .ci/run

# The quick part of it, while working
quick:
    cargo fmt
    cargo clippy --all-targets
    cargo test --lib

# The tour on loopback
demo *ARGS:
    cargo run --release -- demo {{ARGS}}

# How fast pages are read and polled, digests planned and mail sent, and what idling, searching and the pages for everybody cost; `just bench extract bad` only what bad pages cost
bench NAME='*' *ARGS:
    cargo bench --bench '{{NAME}}' -- {{ARGS}}

# Accept the snapshots that a change was meant to change
accept:
    INSTA_UPDATE=always cargo test --test it

# The binary as it is shipped: slower to build, smaller
dist:
    cargo build --locked --profile dist
