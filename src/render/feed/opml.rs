//! The list of all feeds as OPML 2.0, so that a reader takes them over in one go.

use super::Format;
use crate::domain::site::Site;
use crate::domain::source::Source;
use crate::domain::text::Text;
use crate::rules::feed::FeedName;
use askama::Template;

/// Where it lies under the feeds folder.
pub const PATH: &str = "opml.xml";

/// Its media type, without parameters.
pub const MEDIA_TYPE: &str = "text/x-opml";

#[derive(Template)]
#[template(path = "feed/opml.xml")]
struct Opml {
    title: Text,
    owner: Text,
    everything: Outline,
    groups: Vec<(&'static str, Vec<Outline>)>,
}

struct Outline {
    text: Text,
    xml_url: String,
    html_url: String,
}

/// The whole file.
#[must_use]
pub fn write(site: &Site, sources: &[Source]) -> Vec<u8> {
    let outline = |name: &FeedName| Outline {
        text: Text::line(&name.title(site, sources)),
        xml_url: Format::Rss.link(site, name),
        html_url: site.link(""),
    };
    let (mut by_source, mut by_council, mut by_topic) = (Vec::new(), Vec::new(), Vec::new());
    for name in FeedName::every(sources) {
        match name {
            FeedName::All => {}
            FeedName::Source(_) => by_source.push(outline(&name)),
            FeedName::Council(_) => by_council.push(outline(&name)),
            FeedName::Topic(_) => by_topic.push(outline(&name)),
        }
    }
    let mut groups = vec![("Councils", by_council), ("Topics", by_topic), ("Pages", by_source)];
    groups.retain(|(_, outlines)| !outlines.is_empty());
    let opml = Opml {
        title: Text::line(&format!("Feeds of {}", site.name)),
        owner: Text::line(&site.name),
        everything: outline(&FeedName::All),
        groups,
    };
    // Writing to a string cannot fail, and the template calls nothing that can.
    opml.render().unwrap_or_default().into_bytes()
}
