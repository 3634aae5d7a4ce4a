//! edge-worker
