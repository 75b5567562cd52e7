//! sled: everything the journal says, ready to read. Pages, buckets, records, apply, open, rebuild.
