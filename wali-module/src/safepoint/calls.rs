//! Which functions' entries have to be safepoints so that every cycle of calls passes one.

use wasmparser::{BinaryReaderError, ElementItems, ElementSectionReader, FunctionBody, Operator};

/// The calls among a module's functions.
#[derive(Default)]
pub(super) struct Calls {
    /// How many functions are imported: they have the first numbers.
    pub(super) n_imported: u32,
    bodies: Vec<Body>,
    /// Functions that a pointer may lead to.
    pointed_to: Vec<u32>,
}

#[derive(Default)]
struct Body {
    /// The functions of the module that it calls, by position in `Calls::bodies`.
    callees: Vec<u32>,
    calls_by_pointer: bool,
    /// It may call itself through a pointer as its last act, without using stack.
    jumps_by_pointer: bool,
}

impl Calls {
    pub(super) fn see_elements(
        &mut self,
        section: ElementSectionReader<'_>,
    ) -> Result<(), BinaryReaderError> {
        for element in section {
            match element?.items {
                ElementItems::Functions(functions) => {
                    for function in functions {
                        self.point_to(function?);
                    }
                }
                ElementItems::Expressions(_, expressions) => {
                    for expression in expressions {
                        for operator in expression?.get_operators_reader() {
                            if let Operator::RefFunc { function_index } = operator? {
                                self.point_to(function_index);
                            }
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn point_to(&mut self, function: u32) {
        if let Some(defined) = function.checked_sub(self.n_imported) {
            self.pointed_to.push(defined);
        }
    }

    pub(super) fn see_body(&mut self, body: &FunctionBody<'_>) -> Result<(), BinaryReaderError> {
        let mut seen = Body::default();
        for operator in body.get_operators_reader()? {
            match operator? {
                Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                    if let Some(defined) = function_index.checked_sub(self.n_imported) {
                        seen.callees.push(defined);
                    }
                }
                Operator::RefFunc { function_index } => self.point_to(function_index),
                Operator::CallIndirect { .. } | Operator::CallRef { .. } => {
                    seen.calls_by_pointer = true;
                }
                Operator::ReturnCallIndirect { .. } | Operator::ReturnCallRef { .. } => {
                    seen.calls_by_pointer = true;
                    seen.jumps_by_pointer = true;
                }
                _ => {}
            }
        }
        seen.callees.sort_unstable();
        seen.callees.dedup();
        self.bodies.push(seen);
        Ok(())
    }

    /// For each function of the module, whether its entry has to be a safepoint.
    ///
    /// Every cycle of direct calls has an edge that a depth-first walk finds leading back to a
    /// function still being walked; those functions are chosen. A cycle with a call through a
    /// pointer enters a function that can be pointed to and that reaches such a call.
    pub(super) fn entries_to_check(&self) -> Vec<bool> {
        let mut chosen = self.targets_of_back_edges();
        let reaching = self.reach_pointer_calls();
        for &function in &self.pointed_to {
            let function = function as usize;
            if reaching.get(function) == Some(&true) {
                chosen[function] = true;
            }
        }
        for (chosen, body) in chosen.iter_mut().zip(&self.bodies) {
            *chosen |= body.jumps_by_pointer;
        }
        chosen
    }

    fn targets_of_back_edges(&self) -> Vec<bool> {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            New,
            Open,
            Done,
        }
        let mut targets = vec![false; self.bodies.len()];
        let mut states = vec![State::New; self.bodies.len()];
        // The functions being walked, each with the number of callees already looked at.
        let mut open: Vec<(usize, usize)> = Vec::new();
        for root in 0..self.bodies.len() {
            if states[root] != State::New {
                continue;
            }
            states[root] = State::Open;
            open.push((root, 0));
            while let Some((function, next)) = open.last_mut() {
                let Some(&callee) = self.bodies[*function].callees.get(*next) else {
                    states[*function] = State::Done;
                    open.pop();
                    continue;
                };
                *next += 1;
                let callee = callee as usize;
                match states.get(callee) {
                    Some(State::New) => {
                        states[callee] = State::Open;
                        open.push((callee, 0));
                    }
                    Some(State::Open) => targets[callee] = true,
                    Some(State::Done) | None => {}
                }
            }
        }
        targets
    }

    /// For each function, whether it makes, itself or through others, a call through a pointer.
    fn reach_pointer_calls(&self) -> Vec<bool> {
        let mut callers = vec![Vec::new(); self.bodies.len()];
        for (caller, body) in self.bodies.iter().enumerate() {
            for &callee in &body.callees {
                if let Some(callers) = callers.get_mut(callee as usize) {
                    callers.push(caller);
                }
            }
        }
        let mut reaching: Vec<bool> = self
            .bodies
            .iter()
            .map(|body| body.calls_by_pointer)
            .collect();
        let mut work: Vec<usize> = (0..reaching.len())
            .filter(|&function| reaching[function])
            .collect();
        while let Some(function) = work.pop() {
            for &caller in &callers[function] {
                if !reaching[caller] {
                    reaching[caller] = true;
                    work.push(caller);
                }
            }
        }
        reaching
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(callees: &[&[u32]], by_pointer: &[usize], pointed_to: &[u32]) -> Vec<bool> {
        let mut calls = Calls::default();
        for (index, callees) in callees.iter().enumerate() {
            calls.bodies.push(Body {
                callees: callees.to_vec(),
                calls_by_pointer: by_pointer.contains(&index),
                jumps_by_pointer: false,
            });
        }
        calls.pointed_to = pointed_to.to_vec();
        calls.entries_to_check()
    }

    #[test]
    fn each_cycle_of_calls_has_one_check() {
        // 0 calls itself, 1 -> 2 -> 3 -> 1, 4 calls all and is called by nobody.
        let graph: [&[u32]; 5] = [&[0], &[2], &[3], &[1], &[0, 1, 2, 3]];
        assert_eq!(calls(&graph, &[], &[]), [true, true, false, false, false]);
    }

    #[test]
    fn a_cycle_through_a_pointer_has_one_check() {
        // 0 calls by pointer; 1 calls 0 and can be pointed to; 2 can be pointed to and calls nobody.
        let graph: [&[u32]; 3] = [&[], &[0], &[]];
        assert_eq!(calls(&graph, &[0], &[1, 2]), [false, true, false]);
    }
}
