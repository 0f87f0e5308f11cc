//! Makes a script that is walked wrongly as small as it can be.

use crate::generate::{Node, Script};
use crate::{Verdict, ask};

/// Drops statements and unwraps blocks while the script is still walked wrongly.
pub fn shrink(mut script: Script, mut verdict: Verdict) -> (Script, Verdict) {
    for _ in 0..12 {
        let smaller: Vec<Script> =
            smaller(&script.nodes).into_iter().map(|nodes| Script { nodes, ..script.clone() }).collect();
        // a few at a time: most often one of the first will do
        let asked = smaller.chunks(10).flat_map(|some| some.iter().cloned().zip(ask(some)));
        let found = asked.into_iter().find(|(_, verdict)| verdict.differs());
        let Some(found) = found else { break };
        (script, verdict) = found;
    }
    (script, verdict)
}

/// Every list of nodes that is one step smaller; the largest steps first.
fn smaller(nodes: &[Node]) -> Vec<Vec<Node>> {
    let mut found = Vec::new();
    let half = nodes.len() / 2;
    if half > 1 {
        found.push(nodes[half..].to_vec());
        found.push(nodes[..half].to_vec());
    }
    for at in 0..nodes.len() {
        let with = |put: Vec<Node>| [&nodes[..at], &put, &nodes[at + 1..]].concat();
        found.push(with(Vec::new()));
        let Node::Block { pieces, end } = &nodes[at] else { continue };
        found.push(with(pieces.iter().flat_map(|(_, body)| body.clone()).collect()));
        for piece in 0..pieces.len() {
            if piece > 0 {
                let mut fewer = pieces.clone();
                fewer.remove(piece);
                found.push(with(vec![Node::Block { pieces: fewer, end: end.clone() }]));
            }
            for body in smaller(&pieces[piece].1) {
                let mut changed = pieces.clone();
                changed[piece].1 = body;
                found.push(with(vec![Node::Block { pieces: changed, end: end.clone() }]));
            }
        }
    }
    found
}
