//! Reads `spec/isa.toml`, checks it and writes it down as Rust tables.
//!
//! Compiled into the build script, and into the crate's own tests.

use std::fmt::Write as _;

use serde_derive::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IsaFile {
    flag: Vec<Flag>,
    #[serde(rename = "struct")]
    structs: Vec<Structure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Flag {
    name: String,
    values: [u32; 3],
}

/// A field's name, and its offset and size on each instruction set.
type Field = (String, [u32; 2], [u32; 2], [u32; 2]);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Structure {
    name: String,
    sizes: [u32; 3],
    fields: Vec<Field>,
}

/// Checks the differences and returns the Rust source of their tables, or what is wrong, a line each.
pub(crate) fn tables(text: &str) -> Result<String, String> {
    let file: IsaFile = toml::from_str(text).map_err(|e| format!("isa.toml: {e}"))?;
    let mut problems = Vec::new();
    let mut out = String::from(
        "/// The flags of open files whose values differ.\n\
         pub static OPEN_FLAGS: &[IsaFlag] = &[\n",
    );
    for isa in 0..3 {
        let all = file.flag.iter().fold(0, |all, flag| all | flag.values[isa]);
        let bits: u32 = (file.flag.iter())
            .map(|flag| flag.values[isa].count_ones())
            .sum();
        if all.count_ones() != bits {
            problems.push(format!("isa.toml: two flags share a bit in column {isa}"));
        }
    }
    for Flag { name, values } in &file.flag {
        let _ = writeln!(out, "    IsaFlag {{ name: {name:?}, values: {values:?} }},");
    }
    out.push_str(
        "];\n/// The structures whose layouts differ, sorted by name.\n\
         pub static ISA_STRUCTS: &[IsaStruct] = &[\n",
    );
    if !file.structs.is_sorted_by(|a, b| a.name < b.name) {
        problems.push("isa.toml: structures not sorted by name, or one twice".to_owned());
    }
    for structure in &file.structs {
        problems.extend(overlaps(structure));
        let Structure {
            name,
            sizes,
            fields,
        } = structure;
        let _ = writeln!(
            out,
            "    IsaStruct {{ name: {name:?}, sizes_bytes: {sizes:?}, fields: &["
        );
        for (field, x86_64, aarch64, riscv64) in fields {
            let _ = writeln!(
                out,
                "        IsaField {{ name: {field:?}, places: [{x86_64:?}, {aarch64:?}, {riscv64:?}] }},"
            );
        }
        out.push_str("    ] },\n");
    }
    out.push_str("];\n");
    if problems.is_empty() {
        Ok(out)
    } else {
        Err(problems.join("\n"))
    }
}

/// The fields that leave the structure or lie in each other, on one of the instruction sets.
fn overlaps(structure: &Structure) -> Vec<String> {
    let name = &structure.name;
    let mut problems = Vec::new();
    for isa in 0..3 {
        let place = |field: &Field| [field.1, field.2, field.3][isa];
        let mut places: Vec<[u32; 2]> = structure.fields.iter().map(place).collect();
        places.sort_unstable();
        let meet = places
            .windows(2)
            .any(|pair| pair[0][0] + pair[0][1] > pair[1][0]);
        let end = places.last().map_or(0, |[offset, size]| offset + size);
        if meet || end > structure.sizes[isa] {
            problems.push(format!("isa.toml: {name}: fields overlap in column {isa}"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_fields_that_meet_are_refused() {
        let sound = "flag = []\n\
            [[struct]]\nname = \"s\"\nsizes = [8, 8, 8]\n\
            fields = [[\"a\", [0, 4], [4, 4], [0, 4]], [\"b\", [4, 4], [0, 4], [4, 4]]]";
        assert!(tables(sound).is_ok());
        let shared = "struct = []\n\
            flag = [{ name = \"A\", values = [1, 1, 1] }, { name = \"B\", values = [2, 1, 2] }]";
        let problems = tables(shared).expect_err("one bit for two flags");
        assert!(problems.contains("share a bit in column 1"), "{problems}");
        let overlapping = sound.replace("[\"b\", [4, 4]", "[\"b\", [2, 4]");
        let problems = tables(&overlapping).expect_err("two fields in one place");
        assert!(
            problems.contains("s: fields overlap in column 0"),
            "{problems}"
        );
    }
}
