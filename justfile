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

# How fast pages are read, beside the limit; `just bench bad` only what bad pages cost
bench *ARGS:
    cargo bench --bench '*' -- {{ARGS}}

# Accept the snapshots that a change was meant to change
accept:
    INSTA_UPDATE=always cargo test --test it

# The binary as it is shipped: slower to build, smaller
dist:
    cargo build --locked --profile dist

# How fast digests are planned for 100,000 and 1,000,000 people, and delivered to a next hop that takes everything
bench:
    cargo bench --bench plan
