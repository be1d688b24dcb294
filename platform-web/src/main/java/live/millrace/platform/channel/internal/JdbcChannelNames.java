// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
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

    @Override
    public Set<String> taken(Collection<String> names) {
        return among("name", names, UnaryOperator.identity());
    }

    @Override
    public Set<String> confusable(Collection<String> names) {
        Set<String> found = among("name_skeleton", names, UsernameRules::skeleton);
        found.addAll(among("name_core", names, UsernameRules::core));
        String site = settings.identity().name();
        names.stream().filter(name -> SiteVoice.named(name, site)).forEach(found::add);
        return found;
    }

    private Set<String> among(String column, Collection<String> names, UnaryOperator<String> look) {
        String[] all = names.toArray(String[]::new);
        return new HashSet<>(database.sql("""
                select asked.name from unnest(:names::text[], :looks::text[]) as asked (name, look)
                where exists (select from channel where %1$s = asked.look)
                   or exists (select from channel_resting_name where %1$s = asked.look and until > now())
                """.formatted(column))
                .param("names", all)
                .param("looks", Arrays.stream(all).map(look).toArray(String[]::new))
                .query((row, _) -> row.getString(1))
                .list());
    }
}
