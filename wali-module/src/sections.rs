//! The order of a module's sections, for passes that add one that the module lacks.

use wasm_encoder::SectionId;

/// The sections in the order in which they stand; custom ones stand anywhere. Their numbers have the
/// same order but for two.
///
/// Source: the WebAssembly specification, "Modules" of the binary format.
const IN_ORDER: [SectionId; 13] = [
    SectionId::Type,
    SectionId::Import,
    SectionId::Function,
    SectionId::Table,
    SectionId::Memory,
    SectionId::Tag,
    SectionId::Global,
    SectionId::Export,
    SectionId::Start,
    SectionId::Element,
    SectionId::DataCount,
    SectionId::Code,
    SectionId::Data,
];

/// Whether a section that the module lacks stands before `next`, the section that comes now; `None` is
/// the module's end.
pub(crate) fn belongs_before(section: SectionId, next: Option<SectionId>) -> bool {
    let place = |section| {
        IN_ORDER
            .iter()
            .position(|listed| *listed as u8 == section as u8)
    };
    next.is_none_or(|next| place(next) > place(section))
}

/// The section with that number, if it is none of custom contents.
pub(crate) fn numbered(number: u8) -> Option<SectionId> {
    IN_ORDER.into_iter().find(|listed| *listed as u8 == number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_section_goes_before_the_first_that_stands_behind_it() {
        assert!(belongs_before(SectionId::Tag, Some(SectionId::Global)));
        assert!(!belongs_before(SectionId::Tag, Some(SectionId::Memory)));
        assert!(belongs_before(
            SectionId::Element,
            Some(SectionId::DataCount)
        ));
        assert!(belongs_before(SectionId::DataCount, Some(SectionId::Code)));
        assert!(belongs_before(SectionId::Data, None));
        assert!(!belongs_before(SectionId::Type, Some(SectionId::Custom)));
        assert_eq!(numbered(SectionId::Custom as u8), None);
    }
}
