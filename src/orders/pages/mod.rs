//! Handlers of orders: the office's.

pub mod editor;
pub mod office;
pub mod steps;
pub mod withdraw;
