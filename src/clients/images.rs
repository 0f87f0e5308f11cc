//! The images that the makers of the clients publish.

/// The clients' own images.
const STOCK: [&str; 14] = [
    "docker",
    "quay.io/podman/stable",
    "quay.io/buildah/stable",
    "quay.io/skopeo/stable",
    "quay.io/containers/podman",
    "quay.io/containers/buildah",
    "quay.io/containers/skopeo",
    "gcr.io/kaniko-project/executor",
    "gcr.io/go-containerregistry/crane",
    "martizih/kaniko",
    "mgoltzsche/podman",
    "moby/buildkit",
    "docker/compose",
    "ghcr.io/osscontainertools/kaniko",
];

/// Whether an image, without host of Docker Hub and tag, is a client's own: it brings no credentials.
#[must_use]
pub fn is_own_image(repository: &str) -> bool {
    STOCK.contains(&repository)
}
