//! The steps of filing, one file each; `screen::filing` leads from one to the next.

pub mod done;
pub mod form;
pub mod identity;
pub mod materials;
pub mod read_back;
pub mod sign;
pub mod situation;
