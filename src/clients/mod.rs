//! What command lines of registry clients do: one file a client, its grammar as data. A client turns
//! a [`Call`] into [`Action`]s; it knows nothing of jobs, worlds or lints.

mod auth_config;
mod bake;
mod buildah;
mod buildctl;
mod cloud;
mod common;
mod compose;
pub mod config_file;
mod containers;
mod cosign;
mod crane;
mod docker;
mod docker_build;
mod earthly;
mod filled;
mod grammar;
mod helm;
mod images;
mod jib;
mod json;
mod kaniko;
mod ko;
mod login;
mod machines;
mod makers;
mod manifest_tool;
mod names;
mod oras;
mod pack;
mod podman;
mod regctl;
mod sealed;
mod skopeo;
#[cfg(test)]
mod testing;
mod words;

pub use images::is_own_image;
pub use machines::{Inside, inside, started_image};
pub use makers::may_make_images;
pub use names::{asks_for_image, pusher_of_files, reads_credentials_at, speaks_of_registries};

use crate::registry::{Credential, Family, Store};
use crate::source::Span;
use crate::text::Text;

/// One word of a command, after expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arg {
    /// Its text.
    pub text: Text,
    /// Where the word was written.
    pub at: Span,
    /// Definitions of the variables that went into it.
    pub from: Vec<Span>,
    /// Written without quotes and perhaps empty: then it is no argument at all.
    pub vanishes: bool,
}

/// What stands on a command's standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stdin {
    /// Nothing: the runner gives `/dev/null` (facts A13).
    Null,
    /// This text.
    Text(Text),
    /// Something unknown: a pipe from a command that is not followed, a file.
    Unknown(String),
}

/// The environment of a call.
pub trait Environment {
    /// The value of a variable as the process sees it; `None`: surely unset (neither the files nor
    /// GitLab set it and no settings variable of this name is to be expected).
    fn get(&self, name: &str) -> Option<Text>;
    /// Whether the script took the variable away: not even the project's settings give it.
    fn is_unset(&self, name: &str) -> bool;
    /// Where the variable's value was written, the parts that went into it first.
    fn written(&self, name: &str) -> Vec<Span>;
    /// Whether a text is not empty. `None`: it may be either; then the command may be asked again
    /// for both answers, so that nothing but its [`Action`]s may come of this one.
    fn is_filled(&self, text: &Text) -> Option<bool>;
    /// The job's `image:`, if one is given.
    fn image(&self) -> Option<&Text>;
    /// A file that the script itself wrote, or one of the repository.
    fn file(&self, path: &Text) -> File;
    /// Where each line of a file was written that the script itself wrote; a line that is not there, or
    /// `None`: that cannot be told.
    fn lines_written(&self, path: &Text) -> Vec<Option<Span>>;
}

/// A file as a command finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum File {
    /// It is there.
    Found {
        /// What it holds.
        text: Text,
        /// The file of the repository; for one that the script wrote, the command that reads it.
        at: Span,
        /// `at` is the text itself, byte for byte.
        exact: bool,
    },
    /// The repository has none, and the script wrote none.
    Missing,
    /// What it holds cannot be told.
    Unknown,
}

/// A command line.
pub struct Call<'a> {
    /// The words, the program's name first.
    pub args: &'a [Arg],
    /// Standard input.
    pub stdin: &'a Stdin,
    /// The environment, assignments in front of the command included.
    pub environment: &'a dyn Environment,
    /// The whole command.
    pub at: Span,
}

/// What a command does to registries, credentials and local images.
#[derive(Clone, Debug)]
pub enum Action {
    /// Gets a credential into a store.
    Login(Login),
    /// Removes a host's credential.
    Logout {
        /// The host.
        host: LoginHost,
        /// From where.
        store: Store,
    },
    /// Uploads.
    Push(Upload),
    /// Gives a local image another name.
    Tag {
        /// The image.
        from: Arg,
        /// Its new name.
        to: Arg,
    },
    /// Makes local images of these names; none: without a name.
    Build {
        /// The names.
        names: Vec<Arg>,
    },
    /// Downloads.
    Pull {
        /// What.
        reference: Arg,
    },
    /// Makes images whose names cannot be told (`docker load`, `compose build`).
    Loads,
    /// Would do something that cannot be told: an unread file decides.
    Unread {
        /// The words for a note: what could not be read.
        what: String,
        /// Its name or arguments speak of logging in.
        may_login: bool,
        /// It may push.
        may_push: bool,
    },
}

/// A login.
#[derive(Clone, Debug)]
pub struct Login {
    /// The command.
    pub at: Span,
    /// The word that names the host, or the whole command where none does.
    pub host_at: Span,
    /// For which host.
    pub host: LoginHost,
    /// The user.
    pub user: Secret,
    /// The password.
    pub password: Secret,
    /// The store that it writes.
    pub store: Store,
    /// The tool, for words: `docker login`, `a written config.json`.
    pub tool: &'static str,
    /// Only for this path and below (podman's and buildah's path logins).
    pub scope: Option<Text>,
    /// It cannot work: why.
    pub fault: Option<LoginFault>,
    /// A cloud's own login (ECR, gcloud, …): the credential is somebody's own.
    pub cloud: bool,
    /// The word of the command line that holds the password, where every process can read it.
    pub exposed: Option<Span>,
}

/// For which host a login is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginHost {
    /// Docker Hub: no server was given.
    DockerHub,
    /// This host, reduced as the client does (no scheme, no path).
    Host(Text),
    /// Hosts that end in one of these (`gcloud auth configure-docker`, credential helpers).
    Suffixes(&'static [&'static str]),
    /// Any host: a file copied from a settings variable, a script that could not be read.
    Any,
}

/// A user name or password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// Not given.
    Absent,
    /// This text, from this word (for standard input: from what feeds it, or the flag).
    Given(Text, Span),
    /// Given, but not known (a file, a command).
    Unknown,
}

/// Why a login cannot work, as its command line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoginFault {
    /// `--password-stdin` and nothing on standard input.
    EmptyStdin,
    /// `--password-stdin` without `-u`.
    NoUser,
    /// `-u` without any password.
    NoPassword,
    /// The tool needs a host and none is given.
    NoHost,
    /// `aws ecr get-login`, removed in version 2 of the AWS CLI.
    RemovedCommand,
    /// Plain `base64` that wraps long secrets, in a hand-written file.
    WrappedBase64,
    /// The key for Docker Hub in a hand-written file is not `https://index.docker.io/v1/`.
    WrongHubKey,
    /// Single-quoted JSON: the variables in it never expand.
    Unexpanded,
    /// Too many words, and no `-u`: the user stands where the host belongs.
    BareUser,
    /// Too many words, and no password: it stands where the host belongs.
    BarePassword,
    /// Too many words: the tool takes one host.
    TooManyWords,
}

/// A push.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The tool: `docker`, `kaniko`, …
    pub client: &'static str,
    /// The command.
    pub at: Span,
    /// The reference; `None`: the command names none.
    pub reference: Option<Arg>,
    /// How the reference reads.
    pub family: Family,
    /// The stores that the tool reads, the first that knows the host decides.
    pub reads: Vec<Store>,
    /// A credential on the command line (`--creds`, `--dest-username`), which makes the stores unimportant.
    pub inline: Option<(Secret, Secret)>,
    /// What it uploads.
    pub what: Uploaded,
    /// It uploads a local image of that name, which must exist (`docker push`), not what it builds or copies itself.
    pub local: Option<Arg>,
    /// The credential that the tool finds for `$CI_REGISTRY` by itself in `CI_REGISTRY_*`, where its stores hold
    /// none (kaniko from 1.9).
    pub gitlab_helper: Option<Credential>,
    /// It leaves a tag that is there already alone, and does not fail for it (`crane copy --no-clobber`).
    pub spares: bool,
}

/// What a push uploads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Uploaded {
    /// An image, an index, a chart, an artifact under a tag.
    Image,
    /// A build cache: a mutable tag on purpose.
    Cache,
    /// A signature or attestation beside an image.
    Signature,
    /// All tags of a repository (`docker push -a`).
    AllTags,
    /// Images that a file names which is not read (`compose push`, `bake --push`).
    Unnamed,
}

/// What a client does with a command line.
type Reader = fn(&Call) -> Vec<Action>;

/// The clients, by the program's name.
const CLIENTS: &[(&str, Reader)] = &[
    ("docker", docker::actions),
    ("docker-compose", compose::actions),
    ("podman-compose", compose::podman),
    ("docker-buildx", docker_build::buildx),
    ("nerdctl", docker::nerdctl),
    ("podman", podman::actions),
    ("buildah", buildah::actions),
    ("skopeo", skopeo::actions),
    ("executor", kaniko::actions),
    ("kaniko", kaniko::actions),
    ("crane", crane::actions),
    ("gcrane", crane::actions),
    ("krane", crane::actions),
    ("buildctl", buildctl::actions),
    ("buildctl-daemonless.sh", buildctl::actions),
    ("regctl", regctl::actions),
    ("oras", oras::actions),
    ("helm", helm::actions),
    ("helm3", helm::actions),
    ("ko", ko::actions),
    ("img", docker::img),
    ("manifest-tool", manifest_tool::actions),
    ("cosign", cosign::actions),
    ("pack", pack::actions),
    ("jib", jib::actions),
    ("earthly", earthly::earthly),
    ("werf", earthly::werf),
    ("aws", cloud::aws),
    ("gcloud", cloud::gcloud),
    ("az", cloud::az),
    ("doctl", cloud::doctl),
    ("ibmcloud", cloud::ibmcloud),
    ("heroku", cloud::heroku),
    ("docker-credential-gcr", cloud::gcr),
    ("oc", cloud::openshift),
    ("jf", cloud::jfrog),
    ("glab", cloud::glab),
    ("scw", cloud::scaleway),
    ("yc", cloud::yandex),
    ("fly", cloud::fly),
    ("flyctl", cloud::fly),
];

fn reader(program: &str) -> Option<Reader> {
    let name = program.rsplit('/').next().unwrap_or(program);
    let name = name.strip_suffix(".exe").unwrap_or(name);
    CLIENTS.iter().find(|(known, _)| *known == name).map(|(_, reader)| *reader)
}

/// Whether a program, by name or path, is a client that is known here.
#[must_use]
pub fn is_client(name: &str) -> bool {
    reader(name).is_some()
}

/// What a command line does, in order; `None`: its program is no client.
#[must_use]
pub fn actions(call: &Call) -> Option<Vec<Action>> {
    let program = call.args.first()?.text.as_literal()?;
    match reader(program) {
        Some(read) => Some(read(call)),
        // build tools are clients only where their words say so
        None => jib::build_tool(program, call),
    }
}

/// What running the output of a command does: `$(aws ecr get-login)` logs in. `None`: it is no
/// command that prints commands.
#[must_use]
pub fn output(call: &Call) -> Option<Vec<Action>> {
    let program = call.args.first()?.text.as_literal()?;
    if program.rsplit('/').next() == Some("aws") { cloud::aws_output(call) } else { None }
}
