// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.site;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What can be set in the web. Each has a type, bounds and a default; its texts are {@code setting.{key}} and {@code
 * setting.{key}.help}.
 */
public enum Setting {
    SITE_NAME("site-name", Section.IDENTITY, Kind.LINE, "Millrace", 1, 40),
    SITE_LOGO("site-logo", Section.IDENTITY, Kind.PICTURE, "", 0, 0),
    SITE_DESCRIPTION("site-description", Section.IDENTITY, Kind.PARAGRAPH, "", 0, 300),
    SITE_LANGUAGE("site-language", Section.IDENTITY, Kind.CHOICE, "en", List.of("en", "zh-CN")),
    SITE_COLOUR("site-colour", Section.IDENTITY, Kind.HUE, SiteHues.OWN, SiteHues.ALL),
    HOME_HERO("home-hero", Section.IDENTITY, Kind.CHANNEL, "", 0, 25),
    CONTACT_NAME("contact-name", Section.IDENTITY, Kind.LINE, "", 0, 60),
    CONTACT("contact", Section.IDENTITY, Kind.CONTACT, "", 0, 200),
    SECURITY_CONTACT("security-contact", Section.IDENTITY, Kind.CONTACT, "", 0, 200),
    WHO_STREAMS("who-streams", Section.PEOPLE, Kind.CHOICE, "everyone", List.of("everyone", "streamers")),
    CHANNELS_PER_USER("channels-per-user", Section.PEOPLE, Kind.NUMBER, "0", 0, 100),
    CHANNELS_PER_STAFF("channels-per-staff", Section.PEOPLE, Kind.NUMBER, "16", 0, 100),
    STAFF_SECOND_FACTOR("staff-second-factor", Section.PEOPLE, Kind.CHOICE, "off", List.of("off", "on")),
    MAINTENANCE("maintenance", Section.STREAMS, Kind.CHOICE, "off", List.of("off", "on")),
    CAMERAS("cameras", Section.STREAMS, Kind.CHOICE, "on", List.of("on", "off")),
    CAMERA_SEARCH("camera-search", Section.STREAMS, Kind.CHOICE, "off", List.of("off", "on")),
    KEY_BLOCK_MINUTES("key-block-minutes", Section.STREAMS, Kind.NUMBER, "10", 1, 10_080),
    GRACE_SECONDS("grace-seconds", Section.STREAMS, Kind.NUMBER, "", 0, 600),
    HLS_SEGMENTS("hls-segments", Section.STREAMS, Kind.NUMBER, "", 3, 60),
    RECORDING("recording", Section.RECORDINGS, Kind.CHOICE, "on", List.of("on", "off")),
    RECORDING_VISIBILITY(
            "recording-visibility",
            Section.RECORDINGS,
            Kind.CHOICE,
            "public",
            List.of("public", "unlisted", "private")),
    RECORDING_REWIND(
            "recording-rewind", Section.RECORDINGS, Kind.CHOICE, "all", List.of("all", "720", "120", "30", "off")),
    RECORDING_DOWNLOADS("recording-downloads", Section.RECORDINGS, Kind.CHOICE, "off", List.of("off", "on")),
    RECORDING_CLIPS("recording-clips", Section.RECORDINGS, Kind.CHOICE, "on", List.of("on", "off")),
    RECORDING_DAYS("recording-days", Section.RECORDINGS, Kind.NUMBER, "30", 0, 3_650),
    RECORDING_QUOTA("recording-quota", Section.RECORDINGS, Kind.NUMBER, "20", 1, 95),
    RECORDING_CHANNEL_QUOTA("recording-channel-quota", Section.RECORDINGS, Kind.NUMBER, "0", 0, 100_000),
    STRIKE_DAYS("strike-days", Section.KEPT, Kind.NUMBER, "90", 1, 730),
    ADDRESS_DAYS("address-days", Section.KEPT, Kind.NUMBER, "30", 1, 365),
    MESSAGE_DAYS("message-days", Section.KEPT, Kind.NUMBER, "0", 0, 3_650),
    EVIDENCE_DAYS("evidence-days", Section.KEPT, Kind.NUMBER, "90", 7, 730),
    BACKUP_EVERY("backup-every", Section.KEPT, Kind.CHOICE, "off", List.of("off", "daily", "weekly")),
    BACKUP_KEEP("backup-keep", Section.KEPT, Kind.NUMBER, "7", 1, 100);

    /** Where the page shows it; its title is {@code setting.section.{name}}. */
    public enum Section {
        IDENTITY,
        PEOPLE,
        STREAMS,
        RECORDINGS,
        KEPT
    }

    /** What its value is. */
    public enum Kind {
        CHOICE,
        NUMBER,
        /** Text of one line. */
        LINE,
        /** Text with breaks. */
        PARAGRAPH,
        /** A mail address or a link. */
        CONTACT,
        /** The name of a channel: whether there is one is for those to say who know channels. */
        CHANNEL,
        /** The name of a stored picture: uploaded, never typed. */
        PICTURE,
        /** A step of the hues, or the site's own. */
        HUE
    }

    /** The colours of a site: its own teal, or one of the 24 hues. */
    private static final class SiteHues {
        static final String OWN = "teal";
        static final List<String> ALL = Stream.concat(
                        Stream.of(OWN), IntStream.range(0, 24).mapToObj(String::valueOf))
                .toList();

        private SiteHues() {}
    }

    private final String key;
    private final Section section;
    private final Kind kind;
    private final String otherwise;
    private final List<String> choices;
    private final int least;
    private final int most;

    Setting(String key, Section section, Kind kind, String otherwise, int least, int most) {
        this.key = key;
        this.section = section;
        this.kind = kind;
        this.otherwise = otherwise;
        this.choices = List.of();
        this.least = least;
        this.most = most;
    }

    Setting(String key, Section section, Kind kind, String otherwise, List<String> choices) {
        this.key = key;
        this.section = section;
        this.kind = kind;
        this.otherwise = otherwise;
        this.choices = choices;
        this.least = 0;
        this.most = 0;
    }

    public String key() {
        return key;
    }

    public Section section() {
        return section;
    }

    public Kind kind() {
        return kind;
    }

    /** Its value where nobody set one; empty where a property of the process decides, or nothing is said. */
    public String otherwise() {
        return otherwise;
    }

    /** What it can be; empty for what is typed. */
    public List<String> choices() {
        return choices;
    }

    /** Of a number its least, of a text the least of its characters. */
    public int least() {
        return least;
    }

    /** Of a number its most, of a text the most of its characters. */
    public int most() {
        return most;
    }

    /** Whether it takes effect at the next start only: what the engine is told once. */
    public boolean restart() {
        return this == GRACE_SECONDS || this == HLS_SEGMENTS;
    }

    /** Whether a value can be; empty goes back to what it is without being set. */
    public boolean allows(String value) {
        return value.isEmpty()
                || switch (kind) {
                    case CHOICE, HUE -> choices.contains(value);
                    case NUMBER -> number(value);
                    case LINE -> SiteTexts.line(value, most);
                    case PARAGRAPH -> SiteTexts.paragraph(value, most);
                    case CONTACT -> SiteTexts.contact(value, most);
                    case CHANNEL -> SiteTexts.channel(value);
                    case PICTURE -> SiteTexts.picture(value);
                };
    }

    private boolean number(String value) {
        try {
            int number = Integer.parseInt(value);
            return number >= least && number <= most;
        } catch (NumberFormatException noNumber) {
            return false;
        }
    }
}
