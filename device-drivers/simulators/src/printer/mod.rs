//! `jinban-sim-receipt-printer`: an 80 mm receipt printer on a serial line.
