// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.SiteMail;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.shared.SiteAddress;
import live.millrace.platform.site.Introduction;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How far the set-up of a new site is, as one sees from the site itself. */
@Component
class SetupSteps {
    /** In their order. The account, which is made before there is a console, is the first. */
    enum Step {
        SITE(2),
        MAIL(3),
        ADDRESS(4),
        STREAM(5);

        private final int number;

        Step(int number) {
            this.number = number;
        }

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A step as pages show it.
     *
     * @param key its name in addresses and texts
     * @param number from 2: the account was the first
     */
    public record Place(String key, int number, boolean done) {}

    private final SiteSettings settings;
    private final Introduction introduction;
    private final SiteMail mail;
    private final SiteAddress site;
    private final Channels channels;
    private final StreamKeys keys;
    private final JdbcClient database;

    SetupSteps(
            SiteSettings settings,
            Introduction introduction,
            SiteMail mail,
            SiteAddress site,
            Channels channels,
            StreamKeys keys,
            JdbcClient database) {
        this.settings = settings;
        this.introduction = introduction;
        this.mail = mail;
        this.site = site;
        this.channels = channels;
        this.keys = keys;
        this.database = database;
    }

    List<Place> places(AccountPrincipal admin) {
        return Arrays.stream(Step.values())
                .map(step -> new Place(step.key(), step.number, done(step, admin)))
                .toList();
    }

    /** How many steps are open; none after two weeks: who left one until then does without. */
    int left(AccountPrincipal admin) {
        boolean old = database.sql("select min(created_at) < now() - interval '14 days' from account")
                .query(Boolean.class)
                .single();
        return old
                ? 0
                : (int) places(admin).stream().filter(place -> !place.done()).count();
    }

    private boolean done(Step step, AccountPrincipal admin) {
        return switch (step) {
            case SITE ->
                introduction.done()
                        || !settings.text(Setting.SITE_LOGO).isEmpty()
                        || !settings.text(Setting.SITE_NAME).equals(Setting.SITE_NAME.otherwise());
            case MAIL -> mail.available();
            case ADDRESS -> site.encrypted();
            case STREAM ->
                channels.allOf(admin.accountId()).stream()
                        .anyMatch(channel -> !keys.ofChannel(channel.id()).isEmpty());
        };
    }
}
