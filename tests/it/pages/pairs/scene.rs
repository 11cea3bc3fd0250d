//! One published thing, and its page on each platform: what the platforms' templates make of the same facts.

use boardwatch::domain::source::Platform;

/// What a council says. Every part of it that a platform's template has room for is on its page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scene {
    pub title: String,
    pub published: (u32, u32),
    pub meeting: (u32, u32),
    pub number: u32,
    pub stage: &'static str,
    pub words: Vec<String>,
    pub next: (u32, &'static str),
    pub papers: Vec<Paper>,
    pub decision: Option<&'static str>,
}

/// A document, its number where it can be read, and its size.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paper {
    pub title: &'static str,
    pub number: Option<u32>,
    pub size: &'static str,
    pub state: &'static str,
}

impl Scene {
    /// Before anything happens.
    pub fn before() -> Self {
        let paper = |title, number, size, state| Paper { title, number, size, state };
        Self {
            title: "Children's Improvement Plan".into(),
            published: (25, 11),
            meeting: (22, 10),
            number: 181,
            stage: "agenda",
            words: vec![
                "The board heard that forty two of fifty actions are complete, and thanked all staff for their work.".into(),
                "Staff turnover is currently 9.9% which is below the national average of comparable authorities.".into(),
            ],
            next: (3, "Tuesday"),
            papers: vec![
                paper("Improvement plan", Some(90_588), "468 KB", ""),
                paper("Scorecard", Some(90_589), "1 MB", ""),
                paper("Appendix B", None, "", "to follow"),
                paper("Costs of placements", None, "", "restricted"),
            ],
            decision: None,
        }
    }

    fn next(&self) -> String {
        format!("The next board meeting will take place on {} {} December 2019.", self.next.1, self.next.0)
    }

    fn paragraphs(&self) -> String {
        let all = self.words.iter().cloned().chain([self.next()]);
        all.map(|words| format!("<p>{words}</p>\n")).collect::<Vec<_>>().concat()
    }

    /// Links as news systems write them, a paragraph each.
    fn linked_papers(&self, folder: &str) -> String {
        let one = |paper: &Paper| match paper.number {
            Some(number) => format!(
                "<p><a href=\"{folder}{number}/{}.pdf\">{} (PDF, {})</a></p>\n",
                paper.title.replace(' ', "-"),
                paper.title,
                paper.size
            ),
            None => format!("<p>{} {}</p>\n", paper.title, paper.state),
        };
        self.papers.iter().map(one).collect()
    }

    fn moderngov_papers(&self) -> String {
        let one = |paper: &Paper| match paper.number {
            Some(number) => format!(
                "<li><a  href=\"documents/s{number}/{}.pdf\"  title=\"Link\">{} <span  class=\"mgFileSize\" > PDF {}</span></a></li>\n",
                paper.title, paper.title, paper.size
            ),
            None => format!("<li>{} {}</li>\n", paper.title, paper.state),
        };
        self.papers.iter().map(one).collect()
    }

    fn moderngov_body(&self) -> String {
        let words = self
            .words
            .iter()
            .chain([&self.next()])
            .map(|w| format!("<p class=\"MsoNormal\">{w}</p>\n"))
            .collect::<Vec<_>>()
            .concat();
        let decision = self.decision.map_or(String::new(), |decision| {
            format!("<p class=\"mgSubItemTitleTxt\">Decision:</p><div class=\"mgWordPara\"><p>{decision}</p></div>")
        });
        format!(
            "<div class=\"mgWordPara\">{words}</div><p class=\"mgSubItemTitleTxt\">Additional documents:</p>\
             <ul class=\"mgBulletList\">{}</ul>{decision}",
            self.moderngov_papers()
        )
    }

    fn moderngov(kind: &str, title: &str, content: &str) -> String {
        format!(
            "<!-- Modern.gov Reverse CMS --><html><head><title>{title} - Westmoor Council</title>\
             <meta name=\"DC.date\" scheme=\"W3CDTF\" content=\"2026-08-11\"/></head><body>\
             <ul class=\"nav\"><li><a href=\"mgCalendarMonthView.aspx?GL=1&amp;bcr=1\">Calendar</a></li></ul>\
             <div id=\"modgov\"><div class=\"mgHeader\"><h1  class=\"mgMainTitleTxt\" >{kind}</h1></div>\
             <div class=\"mgSubTitle\" ><h2 class=\"mgSubTitleTxt\">{title}</h2></div>\
             <div class=\"mgContent\" >{content}</div><div class=\"mgFooter\" ><p>&nbsp;</p></div></div>\
             <footer>&copy; 2021 Westmoor Council</footer></body></html>"
        )
    }

    fn site(head: &str, title: &str, main: &str) -> String {
        format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} | Westmoor Council</title>{head}\
             <link rel=\"stylesheet\" href=\"/site.css?v=585\"></head><body><header class=\"site-header\"><a href=\"/\">Westmoor</a>\
             <nav><ul><li><a href=\"/bins\">Bins and recycling</a></li><li><a href=\"/tax\">Council tax</a></li></ul></nav></header>\
             <main id=\"content\">{main}</main><footer>&copy; 2021 Westmoor Council</footer></body></html>"
        )
    }

    /// The page on `platform`, with its address.
    #[expect(clippy::too_many_lines, reason = "one template a platform")]
    pub fn page(&self, platform: Platform) -> (&'static str, String) {
        let Self { title, published: (day, month), meeting: (met, met_month), number, .. } = self;
        let body = self.paragraphs() + &self.linked_papers("/download/downloads/id/");
        let month_name = [
            "",
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let posted = format!("{day} {} 2019", month_name[*month as usize]);
        let met_on = format!("{met:02}&#47;{met_month:02}&#47;2019");
        let met_in_words = format!("{met} {} 2019", month_name[*met_month as usize]);
        match platform {
            Platform::ContensisBlog => (
                "https://www.westmoor.gov.uk/updates/2019/improvement-plan.aspx",
                Self::site(
                    "<meta name=\"GENERATOR\" content=\"Contensis CMS Version 11.3\" />",
                    title,
                    &format!(
                        "<h1>Updates</h1><h2>Recent posts</h2><div class=\"sys_itemslist\"><div class=\"sys_subitem\"><h3>\
                         <a href=\"/updates/2019/improvement-plan.aspx\">{title}</a></h3><dl><dd class=\"sys_news-datepublished\">{posted}</dd></dl></div>\
                         <div class=\"sys_subitem\"><h3><a href=\"/updates/2019/first.aspx\">First update</a></h3><dl><dd class=\"sys_news-datepublished\">\
                         1 October 2019</dd></dl></div></div><p>Displaying 1 to 2 of 2</p><div id=\"main-article\" class=\"sys_record-control\">\
                         <h2 class=\"sys_news-title\">{title}</h2><p class=\"sys_news-posted-date\"><strong>Posted:</strong> {posted}<br />\
                         <strong>Blog:</strong> <a href=\"/updates/2019.aspx\">2019</a></p>{body}</div>"
                    ),
                ),
            ),
            Platform::ModerngovIssue => (
                "https://democracy.westmoor.example/ieIssueDetails.aspx?IId=50043387&Opt=3",
                Self::moderngov(
                    "Issue - meetings",
                    "Ofsted improvement",
                    &format!(
                        "<h3 class=\"mgSubSubTitleTxt\"><a href=\"ieListDocuments.aspx?CId=251&amp;MId=8595#AI64551\">Meeting: {met_on} - Cabinet \
                         &#40;Item {number}&#41;</a></h3><table class=\"mgItemTable\"><tr><td class=\"mgItemNumberCell\"><p class=\"mgAiTitleTxt\">\
                         {number}</p></td><td><p class=\"mgAiTitleTxt\">{title}</p>{}</td></tr></table>",
                        self.moderngov_body()
                    ),
                ),
            ),
            Platform::ModerngovItem => (
                "https://democracy.westmoor.example/mgAi.aspx?ID=32414",
                Self::moderngov("Agenda item", title, &self.moderngov_body()),
            ),
            Platform::ModerngovMeeting => {
                let kind = if self.stage == "agenda" { "Agenda" } else { self.stage };
                (
                    "https://democracy.westmoor.example/ieListDocuments.aspx?CId=218&MId=4711",
                    Self::moderngov(
                        kind,
                        &format!("Improvement Board - {met_in_words} 7.00 pm"),
                        &format!(
                            "<p><span class=\"mgLabel\">Venue: </span>Town Hall</p><table class=\"mgItemTable\"><tr><td class=\"mgItemNumberCell\">\
                             <a name=\"AI1\"></a><p class=\"mgAiTitleTxt\">{number}.</p></td><td><p class=\"mgAiTitleTxt\">{title}</p>{}</td></tr></table>",
                            self.moderngov_body()
                        ),
                    ),
                )
            }
            Platform::ModerngovDecision => {
                let paragraphs =
                    self.words.iter().chain([&self.next()]).map(|w| format!("<p>{w}</p>")).collect::<Vec<_>>().concat();
                let decision = self.decision.map_or(String::new(), |d| {
                    format!("<h3 class=\"mgSubSubTitleTxt\">Decision:</h3><div class=\"mgWordPara\"><p>{d}</p></div>")
                });
                (
                    "https://democracy.westmoor.example/ieDecisionDetails.aspx?ID=13149",
                    Self::moderngov(
                        "Decision details",
                        title,
                        &format!(
                            "<p><span class=\"mgLabel\">Decision Maker: </span>Cabinet Member for Children</p><h3 class=\"mgSubSubTitleTxt\">Purpose:</h3>\
                             <div class=\"mgWordPara\">{paragraphs}</div>{decision}<p><span class=\"mgLabel\">Publication date: </span>{day:02}&#47;{month:02}&#47;2019</p>\
                             <p><span class=\"mgLabel\">Date of decision: </span>{met_on}</p><p class=\"mgLabel\">Accompanying Documents:</p>\
                             <ul class=\"mgBulletList\">{}</ul>",
                            self.moderngov_papers()
                        ),
                    ),
                )
            }
            Platform::ModerngovDecisions => (
                "https://democracy.westmoor.example/mgDelegatedDecisions.aspx?DS=2",
                Self::moderngov(
                    "Officer decisions",
                    "Decisions",
                    &format!(
                        "<table class=\"mgTabTable\"><thead><tr><th>Title</th><th>Date</th></tr></thead><tbody><tr class=\"odd\"><td><a href=\"ieDecisionDetails.aspx?ID=901\">\
                         {title}<span class=\"mgHide\"> ref&#58; 901</span></a></td><td>{day:02}&#47;{month:02}&#47;2019</td></tr><tr class=\"even\"><td>\
                         <a href=\"ieDecisionDetails.aspx?ID=899\">Lease of the boathouse</a></td><td>01&#47;10&#47;2019</td></tr></tbody></table>"
                    ),
                ),
            ),
            Platform::Cmis => {
                let one = |paper: &Paper| match paper.number {
                    Some(number) => format!(
                        "<li class=\"DocumentListItem\"><img class=\"FileTypeImage\" alt=\"pdf\"><a class=\"TitleLink\" href=\"/Westmoor/Document.ashx?cz{number}%3d\">\
                         {}</a> <span class=\"FileSize\">({})</span></li>",
                        paper.title, paper.size
                    ),
                    None => {
                        format!("<li class=\"DocumentListItem\"><a class=\"aspNetDisabled TitleLink\">{}</a></li>", paper.title)
                    }
                };
                let papers: String = self.papers.iter().map(one).collect();
                let status = if self.stage == "agenda" { "Scheduled" } else { "Cancelled" };
                let row = |label: &str, value: &str| {
                    format!(
                        "<div class=\"holder\"><div class=\"DNNLabel\"><label><span>{label}:</span></label></div><div class=\"Value\">{value}</div></div>"
                    )
                };
                let rows = row("Committee", "Planning Committee")
                    + &row("Date/Time", &format!("{met_in_words} - 11:00"))
                    + &row("Status", status);
                (
                    "https://westmoor.cmis.example/Westmoor/Meetings/tabid/70/ctl/ViewMeetingPublic/mid/412/Meeting/15042/Committee/4/Default.aspx",
                    format!(
                        "<html><head><title>Meeting details</title></head><body><form><input type=\"hidden\" name=\"__VIEWSTATE\" value=\"VS1\">\
                         <div class=\"DNNModuleContent ModCMISMeetingsC\"><h1>Meeting Details</h1>{rows}<h2>Documents</h2><div class=\"CmisDocumentList\">\
                         <ol class=\"DocumentList\">{papers}</ol></div></div></form></body></html>"
                    ),
                )
            }
            Platform::Jadu => (
                "https://www.westmoor.example/news/article/812/improvement-plan",
                Self::site(
                    "",
                    title,
                    &format!(
                        "<div class=\"page-content\"><h1>{title}</h1><p class=\"date\">Published: {posted}</p><div class=\"editor\">{body}</div></div>"
                    ),
                ),
            ),
            Platform::LocalgovDrupal => (
                "https://www.westmoor.example/news/2019/improvement-plan",
                Self::site(
                    "<meta name=\"Generator\" content=\"Drupal 10 (https://www.drupal.org)\">",
                    title,
                    &format!(
                        "<article class=\"news-article\"><h1 class=\"news-article__title\">{title}</h1><div class=\"news-article__metadata\">\
                         <time datetime=\"2019-{month:02}-{day:02}T09:00:00Z\">{posted}</time></div><div class=\"news-article__content\">{body}</div></article>"
                    ),
                ),
            ),
            Platform::Govuk => {
                let one = |paper: &Paper| {
                    paper.number.map_or(String::new(), |number| {
                        format!(
                            "<section class=\"gem-c-attachment\"><h3 class=\"gem-c-attachment__title\"><a class=\"gem-c-attachment__link\" \
                             href=\"https://assets.publishing.service.gov.uk/media/{number}/{0}.pdf\">{0}</a></h3><p class=\"gem-c-attachment__metadata\">\
                             <span class=\"gem-c-attachment__attribute\">PDF</span>, <span class=\"gem-c-attachment__attribute\">{1}</span></p></section>",
                            paper.title, paper.size
                        )
                    })
                };
                let papers: String = self.papers.iter().map(one).collect();
                (
                    "https://www.gov.uk/government/publications/improvement-plan",
                    Self::site(
                        "<meta name=\"govuk:content-id\" content=\"1\">",
                        title,
                        &format!(
                            "<h1 class=\"gem-c-heading__text\">{title}</h1><div class=\"gem-c-metadata\"><dl><dt class=\"gem-c-metadata__term\">Published</dt>\
                             <dd class=\"gem-c-metadata__definition\">{posted}</dd></dl></div><section id=\"documents\"><h2>Documents</h2>{papers}</section>\
                             <section id=\"details\"><h2>Details</h2><div class=\"gem-c-govspeak govuk-govspeak\">{}</div></section>",
                            self.paragraphs()
                        ),
                    ),
                )
            }
            Platform::Feed => (
                "https://www.westmoor.example/news/feed",
                format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>\
                     <title>News</title><link>https://www.westmoor.example/news</link><description>News</description>\
                     <lastBuildDate>Tue, 11 Feb 2020 09:00:00 +0000</lastBuildDate><item><title>{title}</title>\
                     <link>https://www.westmoor.example/news/improvement-plan</link><guid isPermaLink=\"false\">westmoor-481</guid>\
                     <pubDate>{posted} 09:00:00 GMT</pubDate><content:encoded><![CDATA[{body}]]></content:encoded></item></channel></rss>",
                ),
            ),
            Platform::Page | Platform::Auto => (
                "https://www.westmoor.example/your-council/improvement-plan",
                Self::site(
                    "",
                    title,
                    &format!("<article><h1>{title}</h1><p class=\"date\">Published: {posted}</p>{body}</article>"),
                ),
            ),
        }
    }
}
