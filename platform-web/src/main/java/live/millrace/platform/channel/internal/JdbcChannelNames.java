// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import live.millrace.platform.account.ChannelNames;
import live.millrace.platform.account.UsernameRules;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Names as the tables know them. What comes between the question and a new row, the tables' own rules refuse. */
@Component
class JdbcChannelNames implements ChannelNames {
    private final JdbcClient database;

    JdbcChannelNames(JdbcClient database) {
        this.database = database;
    }

    @Override
    public boolean taken(String name) {
        return any("name", UsernameRules.fold(name));
    }

    @Override
    public boolean confusable(String name) {
        return any("name_skeleton", UsernameRules.skeleton(name));
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
