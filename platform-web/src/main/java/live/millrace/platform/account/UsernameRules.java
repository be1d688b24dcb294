// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a user name may be. It is also the channel's name and its address, {@code /{username}}, so names of pages are reserved.
 */
public final class UsernameRules {
    public static final String PATTERN = "[A-Za-z0-9][A-Za-z0-9_-]{2,23}";

    private static final Pattern RULE = Pattern.compile(PATTERN);

    /** First path segments, present or planned, and names that would pass for the site's own voice. */
    private static final Set<String> RESERVED = Set.of(
            "about",
            "abuse",
            "account",
            "accounts",
            "actuator",
            "admin",
            "administrator",
            "admins",
            "api",
            "app",
            "apps",
            "assets",
            "auth",
            "badge",
            "ban",
            "billing",
            "blog",
            "browse",
            "bot",
            "brand",
            "categories",
            "category",
            "channel",
            "channels",
            "chat",
            "clip",
            "clips",
            "config",
            "console",
            "contact",
            "dash",
            "dashboard",
            "default",
            "dev",
            "directory",
            "discover",
            "docs",
            "download",
            "embed",
            "emotes",
            "error",
            "events",
            "explore",
            "faq",
            "favicon",
            "feed",
            "feeds",
            "files",
            "flv",
            "follow",
            "following",
            "forgot",
            "health",
            "help",
            "hls",
            "home",
            "host",
            "html",
            "images",
            "img",
            "index",
            "info",
            "invite",
            "jobs",
            "key",
            "keys",
            "language",
            "legal",
            "live",
            "localhost",
            "login",
            "logout",
            "mail",
            "manage",
            "media",
            "messages",
            "metrics",
            "millrace",
            "mod",
            "moderation",
            "moderator",
            "moderators",
            "mods",
            "news",
            "notifications",
            "null",
            "oauth",
            "oembed",
            "official",
            "owner",
            "password",
            "pictures",
            "play",
            "player",
            "policy",
            "popout",
            "privacy",
            "profile",
            "public",
            "publish",
            "record",
            "recordings",
            "register",
            "report",
            "reports",
            "reset",
            "robots",
            "root",
            "rss",
            "rtc",
            "rtmp",
            "rules",
            "search",
            "security",
            "session",
            "sessions",
            "settings",
            "setup",
            "share",
            "signin",
            "signout",
            "signup",
            "site",
            "sitemap",
            "socket",
            "staff",
            "static",
            "stats",
            "status",
            "stream",
            "streams",
            "studio",
            "styleguide",
            "support",
            "system",
            "tag",
            "tags",
            "team",
            "terms",
            "test",
            "theme",
            "thumbnails",
            "token",
            "trending",
            "undefined",
            "upload",
            "user",
            "users",
            "verify",
            "video",
            "videos",
            "vod",
            "watch",
            "webhook",
            "webhooks",
            "whep",
            "whip",
            "decision",
            "decisions",
            "suspended",
            "maintenance",
            "audit",
            "www");

    private UsernameRules() {}

    /** Whether the letters are allowed. */
    public static boolean wellFormed(String name) {
        return RULE.matcher(name).matches();
    }

    /** Whether the name, or one that looks like it, belongs to the site. */
    public static boolean reserved(String name) {
        String folded = fold(name);
        return RESERVED.contains(folded)
                || RESERVED.stream().anyMatch(word -> skeleton(word).equals(skeleton(folded)))
                || SiteVoice.heardIn(name);
    }

    /** One name for all its spellings in capitals. */
    public static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /**
     * A name without what is only hung on: {@code anna_}, {@code _anna} and {@code 0anna} are {@code anna}. The database keeps the same
     * of every channel's name, see {@code name_core}.
     */
    public static String core(String name) {
        return skeleton(fold(name).replaceAll("^[0_-]+|[_-]+$", "").replaceAll("[_-]+", "-"));
    }

    /** What a name looks like at a glance, after the idea of Unicode Technical Standard 39 §4: names with one skeleton are confusable. */
    public static String skeleton(String name) {
        return fold(name)
                .replace('0', 'o')
                .replace('1', 'l')
                .replace('i', 'l')
                .replace("rn", "m")
                .replace("vv", "w")
                .replace('_', '-');
    }
}
