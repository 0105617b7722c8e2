//! Who is at the terminal now, for how long still, and the proof that nothing of them remains.

pub mod masking;
