//! One entry of a listing: its link, the part of the page that speaks of it, and the item that it makes.

mod file;
mod generic;

pub(super) use generic::is_generic;

use super::article::attached;
use super::context::{self, Context};
use super::dated::{self, Seen, When};
use super::naming::{self, Repeated};
use super::selectors::{Chosen, Named};
use super::{article, card, rows, standing, titled, whole};
use crate::domain::evidence::Fact;
use crate::domain::item::{Document as Attached, Item};
use crate::domain::text::Text;
use crate::rules::extract::document::{Document, classes, selector};
use crate::rules::extract::key;
use crate::rules::extract::text::{Line, collapsed, decoded, folded};
use crate::rules::extract::trail::Place;
use crate::rules::facts::{dates, documents};
use chrono::NaiveDate;
use scraper::ElementRef;
use std::cell::OnceCell;
use std::rc::Rc;
use url::Url;

/// An entry as it stands in the tree.
pub(super) struct Entry<'a> {
    /// The link to its own page.
    pub(super) link: ElementRef<'a>,
    /// The neighbouring elements that make it up, in order.
    pub(super) region: Vec<ElementRef<'a>>,
    /// What the headings above it say of its day.
    pub(super) above: Context<'a>,
    /// The line that its link has for itself, where no element holds that.
    line: Option<Line<'a>>,
    /// What its page repeats.
    repeated: Rc<Repeated>,
    /// Whether the headings of its list that lead nowhere say of which kind an entry is, and not what it is: "Visit".
    kinds: bool,
    /// Where its link leads, the key of that, and when it says that it was published, once somebody has asked: several do.
    url: OnceCell<Option<Rc<Url>>>,
    key: OnceCell<Option<Rc<str>>>,
    when: OnceCell<Option<When>>,
    /// The region's lines, where they are kept, and how they say that it stands, once they have been read.
    kept: OnceCell<Vec<Line<'a>>>,
    standing: OnceCell<Option<standing::Said>>,
}

impl<'a> Entry<'a> {
    /// The entry that a link and the part of the page around it make.
    pub(super) fn new(link: ElementRef<'a>, region: Vec<ElementRef<'a>>) -> Self {
        let (url, key, when, kept, standing) =
            (OnceCell::new(), OnceCell::new(), OnceCell::new(), OnceCell::new(), OnceCell::new());
        let (above, repeated) = (Context::default(), Rc::default());
        Self { link, region, above, line: None, repeated, kinds: false, url, key, when, kept, standing }
    }

    /// The same of a link whose address is known, with that one's canonical key.
    pub(super) fn leading_to(self, url: &Rc<Url>, key: &Rc<str>) -> Self {
        Self { url: OnceCell::from(Some(Rc::clone(url))), key: OnceCell::from(Some(Rc::clone(key))), ..self }
    }

    /// The same under headings that say something of its day.
    pub(super) fn under(self, above: Context<'a>) -> Self {
        Self { above, when: OnceCell::new(), ..self }
    }

    /// The same with the line of the page that its link stands in, and no other.
    pub(super) fn in_line(self, line: Option<Line<'a>>) -> Self {
        Self { line, when: OnceCell::new(), ..self }
    }

    /// The same on a page that repeats such words.
    pub(super) fn among(self, repeated: &Rc<Repeated>) -> Self {
        Self { repeated: Rc::clone(repeated), ..self }
    }

    /// The same in a list whose headings name kinds of entries.
    pub(super) fn under_kinds(self, kinds: bool) -> Self {
        Self { kinds, ..self }
    }

    /// Its heading, in small letters, where that leads nowhere and its link has words of its own.
    pub(super) fn unlinked_heading(&self, document: &Document<'a>) -> Option<String> {
        let lines = self.kept_lines(document);
        let heading = lines.iter().find(|line| line.is_heading()).filter(|line| line.links.is_empty())?;
        (!is_generic(&words(self.link)) && !dated::is_date(&words(self.link))).then(|| heading.folded().to_owned())
    }

    /// The entry that an `item` selector has matched; `None` without a link.
    pub(super) fn chosen(element: ElementRef<'a>, link: Option<&Named>) -> Option<Self> {
        let by_selector = link.and_then(|link| link.within(element));
        let has_target =
            |e: &ElementRef<'a>| e.value().name() == "a" && e.attr("href").is_some_and(|href| !href.trim().is_empty());
        let link =
            by_selector.or(Some(element)).filter(has_target).or_else(|| link.is_none().then(|| best_link(element)).flatten())?;
        Some(Self::new(link, vec![element]))
    }

    /// The first match of a selector in the region.
    pub(super) fn find(&self, named: &Named) -> Option<ElementRef<'a>> {
        self.region.iter().find_map(|element| named.within(*element))
    }

    /// The region's lines.
    pub(super) fn lines(&self, document: &Document<'a>) -> Vec<Line<'a>> {
        self.kept.get().cloned().unwrap_or_else(|| self.read_lines(document))
    }

    /// The same, kept for whoever asks again. A list of a hundred thousand entries would keep its page a second time.
    pub(super) fn kept_lines(&self, document: &Document<'a>) -> &[Line<'a>] {
        self.kept.get_or_init(|| self.read_lines(document))
    }

    fn read_lines(&self, document: &Document<'a>) -> Vec<Line<'a>> {
        let mut lines = self.region.iter().flat_map(|element| document.lines_of(*element)).collect();
        let said = standing::take(&mut lines);
        self.standing.get_or_init(|| said);
        lines
    }

    /// How its lines say that it stands.
    pub(super) fn standing(&self) -> Option<&standing::Said> {
        self.standing.get()?.as_ref()
    }

    /// Its day, where it says one.
    pub(super) fn day(&self, document: &Document<'a>) -> Option<NaiveDate> {
        let when = self.when.get_or_init(|| {
            let lines = self.lines(document);
            let title = self.title(document, &lines).unwrap_or_default();
            self.seen(&lines, &title).map(|seen| seen.when)
        });
        when.map(|when| when.day)
    }

    /// When it was published, for those who know its lines and its title.
    pub(super) fn when_in(&self, lines: &[Line<'a>], title: &str) -> Option<When> {
        *self.when.get_or_init(|| self.seen(lines, title).map(|seen| seen.when))
    }

    /// Whether it says its day, or a day in what opens its panel, or until when something can be done.
    pub(super) fn is_dated(&self, document: &Document<'a>) -> bool {
        self.day(document).is_some() || self.lines(document).iter().any(names_day)
    }

    /// Whether it is a link and no more: no heading and no day.
    pub(super) fn is_bare(&self, document: &Document<'a>) -> bool {
        !self.is_dated(document) && !self.lines(document).iter().any(|line| line.is_heading())
    }

    /// Where the link leads; `None` for what is no page.
    pub(super) fn url(&self, document: &Document) -> Option<&Url> {
        self.url.get_or_init(|| target(document, self.link).map(Rc::new)).as_deref()
    }

    /// The canonical key of where the link leads.
    pub(super) fn key(&self, document: &Document) -> Option<&str> {
        self.key.get_or_init(|| self.url(document).map(key::canonical).map(Rc::from)).as_deref()
    }

    /// The item, without a text where that comes from its own page. `None` for a link that leads nowhere.
    /// `lines`: the region's.
    pub(super) fn item(&self, document: &Document<'a>, chosen: &Chosen, lines: &[Line<'a>]) -> Option<Item> {
        let url = self.url(document)?.clone();
        let title = self.chosen_title(document, chosen).or_else(|| self.found_title(document, lines))?;
        let said = || {
            if chosen.title.is_none() && !document.trail.is_kept() {
                return self.when_in(lines, &title);
            }
            let seen = self.seen(lines, &title)?;
            document.trail.note(Fact::Published, seen.rule, seen.place);
            Some(seen.when)
        };
        let in_address = || {
            let day = dated::of_address(&url)?;
            document.trail.note(Fact::Published, "the year, month and day in the address of the link", self.link);
            Some(When::day(day))
        };
        let when = self.chosen_date(document, chosen).or_else(said).or_else(in_address);
        let key = self.key(document)?.to_owned();
        let whole = whole::text(document, &self.region);
        document.trail.belongs_to(&key);
        let file = file::of(&title, &url, lines);
        let title = file.as_ref().map_or_else(|| Text::line(&title), |file| file.title.clone());
        let mut item = Item {
            published: when.map(|w| w.day),
            published_at: when.and_then(|w| w.at),
            documents: file.into_iter().collect(),
            ..Item::bare(key, title, url)
        };
        if let Some(body) = whole {
            let (text, html) = document.body(&body);
            item.documents.extend(article::attached(&body));
            (item.text, item.html) = (Some(text), Some(html));
        } else if item.documents.is_empty() && lines.iter().map(|line| line.links.len()).sum::<usize>() > 1 {
            // "Agenda" and "Minutes" below a meeting whose title leads to its page.
            let own = |paper: &Attached| paper.url.as_ref() == Some(&item.url);
            item.documents = attached(lines).into_iter().filter(|paper| paper.url.is_some() && !own(paper)).collect();
        }
        Some(item)
    }

    /// When it was published, as it says itself or as the headings above it say.
    pub(super) fn seen<'l>(&self, lines: &'l [Line<'a>], title: &str) -> Option<Seen<'l, 'a>> {
        let in_headed_year = || {
            self.above.year?;
            let title = folded(title);
            let others = || lines.iter().filter(|line| line.folded() != title);
            let own = lines.iter().filter(|line| line.folded() == title);
            // "20 November", the title, "New": each in words of its own.
            let of_leaf = |line: &Line<'a>| {
                let leaves = line.leaves.iter().filter(|_| !line.links.is_empty());
                leaves.filter_map(|leaf| leaf.value().as_text()).find_map(|text| self.above.day_of(text))
            };
            let last = |line: &Line<'a>| self.above.day_of(line.text.rsplit_once(": ")?.1);
            let day_of = |line: &Line<'a>| {
                let in_words = self.above.day_of(&line.text).or_else(|| self.above.day_of(line.outside()));
                in_words.or_else(|| last(line))
            };
            let of_line = |line: &'l Line<'a>| Some((day_of(line).or_else(|| of_leaf(line))?, line));
            let (day, line) = others().chain(own).find_map(of_line).or_else(|| self.above.day_over_month(lines))?;
            Some(Seen { when: When::day(day), rule: "a day in the year of the heading above", place: Place::Line(line) })
        };
        let by_heading = || {
            let (day, heading) = self.above.day?;
            Some(Seen { when: When::day(day), rule: "the day that the heading above names", place: Place::Element(heading) })
        };
        let in_card = || {
            let (day, element) = card::read(self.link, None)?.day?;
            Some(Seen { when: When::day(day), rule: "the day in an element of the card", place: Place::Element(element) })
        };
        let is_title = || {
            // "6 October 2026 (PDF)".
            let day = dated::of_words(documents::named(title).title)?;
            Some(Seen { when: When::day(day), rule: "the day that is the entry's title", place: Place::Element(self.link) })
        };
        let in_line = || {
            let day = dated::beside_link(self.line.as_ref()?.outside())?;
            Some(Seen { when: When::day(day), rule: "a date in the line of the link", place: Place::Element(self.link) })
        };
        in_line()
            .or_else(|| dated::seen_in_entry(&self.region, lines, title))
            .or_else(in_card)
            .or_else(|| titled::day(self.link, &self.region))
            .or_else(in_headed_year)
            .or_else(is_title)
            .or_else(by_heading)
            .or_else(|| titled::set_apart(self.link, title, self.url.get().and_then(Option::as_deref)))
    }

    /// The words that `select.title` finds.
    fn chosen_title(&self, document: &Document, chosen: &Chosen) -> Option<String> {
        let named = chosen.title.as_ref()?;
        let element = self.find(named)?;
        document.trail.note(Fact::Title, named.rule(), element);
        Some(words(element)).filter(|title| !title.is_empty())
    }

    /// The date that `select.date` finds.
    fn chosen_date(&self, document: &Document, chosen: &Chosen) -> Option<When> {
        let named = chosen.date.as_ref()?;
        let element = self.find(named)?;
        document.trail.note(Fact::Published, named.rule(), element);
        dated::of_element(element)
    }

    /// The title, with a note on where it stands.
    fn found_title(&self, document: &Document<'a>, lines: &[Line<'a>]) -> Option<String> {
        let (title, rule, place) = self.named(document, lines)?;
        document.trail.note(Fact::Title, rule, place);
        Some(title)
    }

    /// The title.
    pub(super) fn title(&self, document: &Document<'a>, lines: &[Line<'a>]) -> Option<String> {
        self.named(document, lines).map(|(title, ..)| title)
    }

    /// The entry's heading; else its link's words; else, where these are only "Read more", its first other line.
    fn named<'l>(&self, document: &Document<'a>, lines: &'l [Line<'a>]) -> Option<(String, &'static str, Place<'l, 'a>)> {
        let first_line = |rule: &'static str| move |line: &'l Line<'a>| (line.text.clone(), rule, Place::Line(line));
        let leads = |line: &&Line<'a>| {
            let own = || self.url(document);
            line.links.iter().any(|link| own().is_some() && link.url.as_ref() == own())
        };
        let headings = || lines.iter().filter(|line| heads_entry(line) && !dated::is_date(&line.text));
        // A heading over the entry, "Featured news", is not its own; "2023 news" names no entry, where the link does.
        let unlinked = || headings().find(|line| !line.is_heading() || !context::names_year(&line.text)).filter(|_| !self.kinds);
        let heading = headings().find(leads).or_else(unlinked).map(first_line("the entry's heading"));
        let any_heading = || headings().next().map(first_line("the entry's heading"));
        let whole_link = |words: String, rule: &'static str| (words, rule, Place::Element(self.link));
        let card = || card::read(self.link, self.url(document)).map(|card| card.title);
        let in_lines = || {
            let mut lines = document.lines_of(self.link);
            standing::take(&mut lines);
            let named = naming::title(&lines, self.url(document), &self.repeated);
            named.or_else(|| lines.iter().find(|line| !dated::is_day(&line.text))).map(|line| line.text.clone())
        };
        let link = || card().or_else(in_lines).map(|words| whole_link(words, "the words of the entry's link"));
        let day = || {
            Some(words(self.link))
                .filter(|words| dated::is_day(words))
                .map(|words| whole_link(words, "the day that is all of the entry's link"))
        };
        let classed =
            || self.classed_title().map(|(words, e)| (words, "what a class calls the entry's title", Place::Element(e)));
        // "12 November 2026: The board agreed … Read more", in one paragraph.
        let told = |line: &'l Line<'a>| {
            let leads_on = !line.links.is_empty() && line.links.iter().all(|link| is_generic(&link.text));
            let told = if leads_on { line.outside() } else { &line.text };
            let told = dated::opening_day(told).map_or(told, |(_, rest)| rest);
            (told.to_owned(), "the entry's first line, as its link says nothing", Place::Line(line))
        };
        let of_row = || rows::subject(lines).or_else(|| lines.iter().find(|line| naming::says_something(line)));
        let is_row = || self.region.iter().any(|element| element.value().name() == "tr");
        let said = || if is_row() { of_row() } else { naming::title(lines, self.url(document), &self.repeated) };
        let other = || said().map(told);
        let dated = || lines.iter().find(|line| dated::is_date(&line.text)).map(first_line("the day in the entry's row"));
        let dated = || dated().filter(|_| is_row());
        let day_beside =
            || generic::day_beside(lines).map(|(day, line)| (day, "the day beside the entry's link", Place::Line(line)));
        let label = || self.link.attr("title").or_else(|| self.link.attr("aria-label"));
        let label = || label().map(|label| whole_link(label.to_owned(), "the label of the entry's link"));
        let beside = || rows::subject_beside(lines, self.link, &self.repeated).filter(|_| is_row());
        let beside = || beside().map(first_line("the row's cell in the column that names what it is about"));
        // A meeting: "Thursday 4 May 2027" leads to its page, and its papers stand below.
        let links_papers = || lines.iter().any(|line| rows::links_papers(line) || rows::links_files(line));
        let names_weekday =
            |text: &str| text.trim_start().get(..2).is_some_and(|start| !start.starts_with(|c: char| c.is_ascii_digit()));
        let is_own_day = |line: &&Line<'a>| {
            let is_linked = line.outside().trim().is_empty() && dated::is_day(&line.text) && leads(line);
            is_linked && (links_papers() || (line.is_heading() && names_weekday(&line.text)))
        };
        let own_day = || lines.iter().find(is_own_day).map(first_line("the linked day with which the entry begins"));
        // "Thursday 10 December 2026" opens a panel, in which "Agenda" leads to its page.
        let opens_panel = |line: &&Line<'a>| line.block.value().name() == "summary" && dated::is_date(&line.text);
        let panel = || lines.iter().find(opens_panel).map(first_line("the day that opens the entry's panel"));
        let named = heading
            .or_else(panel)
            .or_else(beside)
            .or_else(own_day)
            .or_else(|| link().filter(|(text, ..)| !is_generic(text)))
            .or_else(classed)
            .or_else(any_heading)
            .or_else(other)
            .or_else(label)
            .or_else(dated)
            .or_else(day_beside)
            .or_else(link)
            .or_else(day);
        let (title, rule, place) = named?;
        Some((decoded(&collapsed(&title)), rule, place)).filter(|(title, ..)| !title.is_empty())
    }
    /// The words of the element that its class calls a title: "newstitle", "story-headline".
    fn classed_title(&self) -> Option<(String, ElementRef<'a>)> {
        let called = |class: &str| {
            let class = class.to_ascii_lowercase();
            class.ends_with("title") || class.ends_with("headline") || class.ends_with("heading")
        };
        let within = self.region.iter().flat_map(ElementRef::descendent_elements);
        let mut titles = within.filter(|e| classes(*e).any(called)).map(|element| (words(element), element));
        titles.find(|(words, _)| !is_generic(words) && !dated::is_date(words))
    }
}

/// Whether a line names a day that is none of publication: in what opens a panel, or until when something can be done.
pub(super) fn names_day(line: &Line<'_>) -> bool {
    dated::closes(line) || line.block.value().name() == "summary" && dates::find(&line.text).len() == 1
}

/// Whether a line heads an entry: a heading, or what opens a panel.
pub(super) fn heads_entry(line: &Line<'_>) -> bool {
    line.is_heading() || line.block.value().name() == "summary"
}

/// Where a link leads: `http` or `https`, and not to a place on the same page.
pub(super) fn target(document: &Document, link: ElementRef<'_>) -> Option<Url> {
    let href = link.attr("href").map(str::trim).filter(|href| !href.is_empty() && !href.starts_with('#'))?;
    document.base.join(href).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// An element's words in one line.
pub(super) fn words(element: ElementRef<'_>) -> String {
    decoded(&collapsed(&element.text().collect::<Vec<_>>().join(" ")))
}

/// In an entry that no link selector was given for: the heading's link, else the first with words of its own.
fn best_link(element: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let of_headings = selector("h1 a[href], h2 a[href], h3 a[href], h4 a[href], h5 a[href], h6 a[href]")?;
    let headed = element.select(&of_headings).next();
    let links = || element.descendent_elements().filter(|e| e.value().name() == "a" && e.attr("href").is_some());
    headed.or_else(|| links().find(|link| !is_generic(&words(*link)))).or_else(|| links().next())
}
