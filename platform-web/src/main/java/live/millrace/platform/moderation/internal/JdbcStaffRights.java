// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.moderation.StaffRights;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

@Service
class JdbcStaffRights implements StaffRights {
    private final JdbcClient database;
    private final Accounts accounts;
    private final CaseTies ties;

    JdbcStaffRights(JdbcClient database, Accounts accounts, CaseTies ties) {
        this.database = database;
        this.accounts = accounts;
        this.ties = ties;
    }

    @Override
    public Optional<String> againstPerson(AccountPrincipal staff, AccountView person) {
        if (person.id() == staff.accountId()) {
            return Optional.of("admin.said.self");
        }
        return staff.role().mayJudge(person.role()) ? Optional.empty() : Optional.of("admin.said.senior");
    }

    @Override
    public Optional<String> againstChannel(AccountPrincipal staff, ChannelView channel) {
        if (channel.accountId() == staff.accountId() || moderates(staff, channel)) {
            return Optional.of("admin.said.tied");
        }
        return senior(staff, channel) ? Optional.of("admin.said.senior") : Optional.empty();
    }

    /** The only one there is decides about the channels that they help out in as well. */
    private boolean moderates(AccountPrincipal staff, ChannelView channel) {
        return ties.staff().stream().anyMatch(other -> other.id() != staff.accountId())
                && database.sql("select exists (select from chat_moderator where channel_id = ? and account_id = ?)")
                        .param(channel.id())
                        .param(staff.accountId())
                        .query(Boolean.class)
                        .single();
    }

    @Override
    public boolean senior(AccountPrincipal staff, ChannelView channel) {
        return channel.accountId() != staff.accountId()
                && accounts.find(channel.accountId())
                        .filter(owner -> !staff.role().mayJudge(owner.role()))
                        .isPresent();
    }

    @Override
    public Optional<String> againstChange(AccountPrincipal staff, Measure measure, long ref) {
        String sql = switch (measure) {
            case SUSPENSION -> """
                select m.role from moderation_measure m join account a on a.id = m.ref and a.suspended_at = m.at
                where m.kind = 'SUSPENSION' and m.ref = ? and (a.suspended_until is null or a.suspended_until > now())
                """;
            case STREAMING -> """
                select m.role from moderation_measure m join account a on a.id = m.ref and a.stream_suspended_at = m.at
                where m.kind = 'STREAMING' and m.ref = ?
                  and (a.stream_suspended_until is null or a.stream_suspended_until > now())
                """;
            case CHANNEL -> """
                select m.role from moderation_measure m join channel c on c.id = m.ref and c.hidden_at is not null
                where m.kind = 'CHANNEL' and m.ref = ?
                """;
            // A ban knows its maker by name; what they are now decides.
            case ADDRESS_BAN -> """
                select a.role from account_address_ban b join account a on lower(a.username) = lower(b.made_by)
                where b.id = ?
                """;
        };
        return database.sql(sql).param(ref).query((row, _) -> Role.valueOf(row.getString(1))).list().stream()
                .filter(maker -> maker.atLeast(Role.MODERATOR) && !staff.role().atLeast(maker))
                .findFirst()
                .map(_ -> "admin.said.stands");
    }

    @Override
    public void took(AccountPrincipal staff, Measure measure, long ref, Instant at) {
        database.sql("""
                insert into moderation_measure (kind, ref, at, made_by, role) values (?, ?, ?, ?, ?)
                on conflict (kind, ref, at) do update set made_by = excluded.made_by, role = excluded.role
                """)
                .param(measure.name())
                .param(ref)
                // A channel is hidden or not: there is one who hid it last.
                .param(Timestamp.from(measure == Measure.CHANNEL ? Instant.EPOCH : at))
                .param(staff.accountId())
                .param(staff.role().name())
                .update();
    }
}
