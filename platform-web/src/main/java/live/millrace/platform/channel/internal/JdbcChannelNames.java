// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import live.millrace.platform.account.ChannelNames;
import live.millrace.platform.account.SiteVoice;
import live.millrace.platform.account.UsernameRules;
import live.millrace.platform.site.SiteSettings;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Names as the tables know them. What comes between the question and a new row, the tables' own rules refuse. */
@Component
class JdbcChannelNames implements ChannelNames {
    private final JdbcClient database;
    private final SiteSettings settings;

    JdbcChannelNames(JdbcClient database, SiteSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    @Override
    public boolean taken(String name) {
        return any("name", UsernameRules.fold(name));
    }

    @Override
    public boolean confusable(String name) {
        return any("name_skeleton", UsernameRules.skeleton(name))
                || any("name_core", UsernameRules.core(name))
                || SiteVoice.named(name, settings.identity().name());
    }

    private boolean any(String column, String value) {
        return database.sql("select exists(select from channel where " + column + " = :value)"
                        + " or exists(select from channel_resting_name where " + column
                        + " = :value and until > now())")
                .param("value", value)
                .query(Boolean.class)
                .single();
    }
}
