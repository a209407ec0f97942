//! The provider `url`: a download that goes on where it was cut.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::blocking::Client;

use crate::progress::Progress;

/// How often a download that was cut is taken up again before we give up.
const ATTEMPTS: u32 = 4;
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// A server that sends nothing for this long is gone.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);

/// Downloads `url` to `partial`, which may hold its beginning from an earlier try and keeps what
/// arrived when this one fails.
///
/// # Errors
/// When the server cannot be reached, refuses, or cuts the connection again and again.
pub(super) fn download(progress: &Progress, url: &str, partial: &Path) -> Result<()> {
    let client = client()?;
    let mut attempt = 1;
    loop {
        let error = match try_once(progress, &client, url, partial) {
            Ok(()) => return Ok(()),
            Err(Stop::Final(error)) => return Err(error),
            Err(Stop::Cut(error)) => error,
        };
        if attempt == ATTEMPTS {
            return Err(error.context(format!("gave up after {ATTEMPTS} attempts")));
        }
        progress.line(&format!("{url}: {error:#}; going on"));
        std::thread::sleep(Duration::from_millis(250 << attempt));
        attempt += 1;
    }
}

/// Why a try ended without the whole file.
enum Stop {
    /// Another try would end the same way.
    Final(anyhow::Error),
    /// The connection was cut; another try may go on from here.
    Cut(anyhow::Error),
}

fn client() -> Result<Client> {
    let client = Client::builder()
        .connect_timeout(CONNECT_LIMIT)
        .timeout(ANSWER_LIMIT)
        .user_agent("wali-xtask");
    client.build().context("setting up for downloads")
}

fn try_once(progress: &Progress, client: &Client, url: &str, partial: &Path) -> Result<(), Stop> {
    let mut file = open(partial).map_err(Stop::Final)?;
    let have = file
        .metadata()
        .map_err(|error| Stop::Final(error.into()))?
        .len();
    let mut request = client.get(url);
    if have > 0 {
        request = request.header("Range", format!("bytes={have}-"));
    }
    let response = request.send().map_err(judge)?;
    let start = match response.status().as_u16() {
        200 => 0,
        206 => have,
        // What we have is the whole file, or longer than it: the checksum decides.
        416 => return Ok(()),
        status if status >= 500 => return Err(Stop::Cut(refused(status))),
        status => return Err(Stop::Final(refused(status))),
    };
    if start == 0 {
        // The server does not resume: from the beginning.
        file = File::create(partial).map_err(|error| Stop::Final(error.into()))?;
    }
    let length = response.content_length();
    copy(progress, url, response, length, &mut file)
}

/// Tells a server that is not there, where the next provider is the better try, from one that stopped
/// in the middle.
fn judge(error: reqwest::Error) -> Stop {
    let is_absent = error.is_connect() || error.is_builder() || error.is_redirect();
    // The address is told by the caller already.
    let error = error.without_url();
    if is_absent {
        Stop::Final(error.into())
    } else {
        Stop::Cut(error.into())
    }
}

fn refused(status: u16) -> anyhow::Error {
    anyhow::anyhow!("the server answered with status {status}")
}

fn open(partial: &Path) -> Result<File> {
    let file = File::options().create(true).append(true).open(partial);
    file.with_context(|| format!("opening {}", partial.display()))
}

/// Copies a body of `length` bytes to `file`, with a bar.
fn copy(
    progress: &Progress,
    url: &str,
    mut body: impl Read,
    length: Option<u64>,
    file: &mut File,
) -> Result<(), Stop> {
    let step = progress.download(url, length.unwrap_or(0));
    let mut buffer = vec![0; 64 << 10];
    let mut n_read = 0;
    loop {
        let n = match body.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(error) => return Err(Stop::Cut(error.into())),
        };
        let write = file.write_all(&buffer[..n]).context("writing to the cache");
        write.map_err(Stop::Final)?;
        n_read += n as u64;
        step.advance(n as u64);
    }
    match length {
        Some(length) if n_read < length => {
            let cut = anyhow::anyhow!("the connection was cut after {n_read} of {length} bytes");
            Err(Stop::Cut(cut))
        }
        _ => {
            step.finish(&format!("fetched {url}"));
            Ok(())
        }
    }
}
