//! Behaviour, in the words of those who use it.

// Clippy knows a test function, but not the support around it; and `pub` there says what a module is for.
#![allow(unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod apologies;
mod brakes;
mod browser;
mod config;
mod demo;
mod everywhere;
mod evidence;
mod extract_command;
mod feeds_out;
mod first_walls;
mod following;
mod found_pages;
mod front_page;
mod feeds_in;
mod grown;
mod http;
mod in_its_place;
mod led_on;
mod mail;
mod pages;
mod paper;
mod passing;
mod people;
mod process;
mod readdressed;
mod real_mail;
mod refusals;
mod returns;
mod robots;
mod rows;
mod sim;
mod single_page;
mod smtp;
mod source_add;
mod store;
mod story;
mod support;
mod taken_down;
mod telling;
mod tidy;
mod told_by_list;
mod told_once;
mod turns;
mod upgrade;
mod walls;
mod web;
mod whose_page;
mod wrong_pages;
mod yearless;
