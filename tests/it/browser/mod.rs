//! What only a browser can tell: every screen in Chromium, by its accessibility, its width, its weight, and the main flows.

mod checks;
mod controls;
mod first_half;
mod flows;
mod kinds;
mod links;
mod main_job;
mod office;
mod screens;
mod walk;
