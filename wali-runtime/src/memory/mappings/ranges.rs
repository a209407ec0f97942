//! Sets of page ranges: what is mapped, and what is free.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A range of page numbers.
pub(super) type Pages = Range<u32>;

/// The part of `a` that is also in `b`; empty when they do not meet.
pub(super) fn overlap(a: &Pages, b: &Pages) -> Pages {
    let start = a.start.max(b.start);
    start..a.end.min(b.end).max(start)
}

/// What a mapped range is backed by, as far as `mremap` has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Backing {
    /// Private and anonymous.
    Anonymous,
    /// A private view of a file.
    File,
    /// Shared, be it a file or not.
    Shared,
}

/// How a mapped range was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attributes {
    /// The protection that the kernel was given.
    pub(super) prot: i32,
    /// What is behind it.
    pub(super) backing: Backing,
    /// How many pages can only be mapped and unmapped together: those of a huge page, or one.
    pub(super) unit: u32,
}

#[derive(Clone, Copy, Debug)]
struct Region {
    end: u32,
    attributes: Attributes,
}

/// The mapped ranges. Neighbours of private anonymous memory with equal protection are one.
#[derive(Debug, Default)]
pub(super) struct Regions {
    by_start: BTreeMap<u32, Region>,
}

impl Regions {
    /// Adds `range`, which must be free of regions.
    pub(super) fn insert(&mut self, range: Pages, attributes: Attributes) {
        let Pages { mut start, mut end } = range;
        if attributes.backing == Backing::Anonymous {
            if let Some((&before, region)) = self.by_start.range(..start).next_back()
                && region.end == start
                && region.attributes == attributes
            {
                start = before;
            }
            if let Some(region) = self.by_start.get(&end)
                && region.attributes == attributes
            {
                let behind = end;
                end = region.end;
                self.by_start.remove(&behind);
            }
        }
        self.by_start.insert(start, Region { end, attributes });
    }

    /// Takes out what is mapped in `range`, and cuts the regions that reach out of it.
    pub(super) fn remove(&mut self, range: &Pages) -> Vec<(Pages, Attributes)> {
        let pieces = self.inside(range);
        for (piece, attributes) in &pieces {
            let Some((&start, &region)) = self.by_start.range(..=piece.start).next_back() else {
                continue;
            };
            self.by_start.remove(&start);
            if start < piece.start {
                let end = piece.start;
                self.by_start.insert(start, Region { end, ..region });
            }
            if piece.end < region.end {
                let attributes = *attributes;
                let end = region.end;
                self.by_start.insert(piece.end, Region { end, attributes });
            }
        }
        pieces
    }

    /// The mapped pieces of `range`, in order.
    pub(super) fn inside(&self, range: &Pages) -> Vec<(Pages, Attributes)> {
        let first = self
            .by_start
            .range(..=range.start)
            .next_back()
            .map_or(range.start, |(&start, _)| start);
        self.by_start
            .range(first..range.end.max(first))
            .map(|(&start, region)| (overlap(&(start..region.end), range), region.attributes))
            .filter(|(piece, _)| !piece.is_empty())
            .collect()
    }

    /// The region that holds `page`.
    pub(super) fn find(&self, page: u32) -> Option<(Pages, Attributes)> {
        let (&start, region) = self.by_start.range(..=page).next_back()?;
        (page < region.end).then_some((start..region.end, region.attributes))
    }

    /// Whether no region meets `range`.
    pub(super) fn is_clear(&self, range: &Pages) -> bool {
        self.inside(range).is_empty()
    }
}

/// The free ranges, sorted by place and by size.
#[derive(Debug, Default)]
pub(super) struct FreeRanges {
    by_start: BTreeMap<u32, u32>,
    by_size: BTreeSet<(u32, u32)>,
}

impl FreeRanges {
    /// Adds `range`, which must not be free yet, joining it with its neighbours.
    pub(super) fn give(&mut self, range: Pages) {
        let Pages { mut start, mut end } = range;
        if start >= end {
            return;
        }
        if let Some((&before, &before_end)) = self.by_start.range(..start).next_back()
            && before_end == start
        {
            self.drop_range(before, before_end);
            start = before;
        }
        if let Some(&behind_end) = self.by_start.get(&end) {
            self.drop_range(end, behind_end);
            end = behind_end;
        }
        self.add_range(start, end);
    }

    /// Takes out whatever of `range` is free.
    pub(super) fn take(&mut self, range: &Pages) {
        while let Some((start, end)) = self.first_meeting(range) {
            self.drop_range(start, end);
            if start < range.start {
                self.add_range(start, range.start);
            }
            if range.end < end {
                self.add_range(range.end, end);
            }
        }
    }

    /// Whether all of `range` is free.
    pub(super) fn holds(&self, range: &Pages) -> bool {
        self.by_start
            .range(..=range.start)
            .next_back()
            .is_some_and(|(_, &end)| range.end <= end)
    }

    /// Finds `n_pages` free pages whose start is a multiple of `align`: in the smallest range that has room, and
    /// of several such ranges in the lowest.
    pub(super) fn find(&self, n_pages: u32, align: u32) -> Option<u32> {
        self.by_size.range((n_pages, 0)..).find_map(|&(size, at)| {
            let start = at.checked_next_multiple_of(align)?;
            (n_pages <= size && start - at <= size - n_pages).then_some(start)
        })
    }

    fn first_meeting(&self, range: &Pages) -> Option<(u32, u32)> {
        let (&start, &end) = self.by_start.range(..range.end).next_back()?;
        (end > range.start && range.start < range.end).then_some((start, end))
    }

    fn add_range(&mut self, start: u32, end: u32) {
        self.by_start.insert(start, end);
        self.by_size.insert((end - start, start));
    }

    fn drop_range(&mut self, start: u32, end: u32) {
        self.by_start.remove(&start);
        self.by_size.remove(&(end - start, start));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: Attributes = Attributes {
        prot: libc::PROT_READ | libc::PROT_WRITE,
        backing: Backing::Anonymous,
        unit: 1,
    };

    #[test]
    fn neighbours_become_one_region_and_a_cut_makes_two() {
        let mut regions = Regions::default();
        regions.insert(10..20, DATA);
        regions.insert(30..40, DATA);
        regions.insert(20..30, DATA);
        assert_eq!(regions.find(39), Some((10..40, DATA)));
        assert_eq!(regions.remove(&(15..16)), [(15..16, DATA)]);
        assert_eq!(regions.find(14), Some((10..15, DATA)));
        assert_eq!(regions.find(15), None);
        assert_eq!(regions.find(16), Some((16..40, DATA)));
        assert!(regions.is_clear(&(15..16)));
        assert!(!regions.is_clear(&(15..17)));
    }

    #[test]
    fn files_side_by_side_stay_apart() {
        let file = Attributes {
            backing: Backing::File,
            ..DATA
        };
        let mut regions = Regions::default();
        regions.insert(0..1, file);
        regions.insert(1..2, file);
        assert_eq!(regions.find(1), Some((1..2, file)));
        assert_eq!(regions.remove(&(0..5)).len(), 2);
        assert!(regions.is_clear(&(0..5)));
    }

    #[test]
    fn the_smallest_gap_that_fits_is_used_first() {
        let mut free = FreeRanges::default();
        free.give(100..200);
        free.give(10..14);
        free.give(20..24);
        assert_eq!(free.find(4, 1), Some(10));
        assert_eq!(free.find(3, 8), Some(100 + 4));
        free.take(&(10..12));
        assert_eq!(free.find(4, 1), Some(20));
        assert_eq!(free.find(5, 1), Some(100));
        assert_eq!(free.find(101, 1), None);
    }

    #[test]
    fn given_ranges_join() {
        let mut free = FreeRanges::default();
        free.give(10..20);
        free.give(30..40);
        free.give(20..30);
        assert!(free.holds(&(10..40)));
        free.take(&(5..50));
        assert!(!free.holds(&(10..11)));
        assert_eq!(free.find(1, 1), None);
    }
}
