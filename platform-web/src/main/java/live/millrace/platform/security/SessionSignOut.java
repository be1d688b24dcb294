// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import java.time.Clock;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.EverybodySignedOut;
import live.millrace.platform.account.SessionsEnded;
import live.millrace.platform.account.SignOut;
import live.millrace.platform.account.SignedInAccounts;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Sessions as staff end them, and as others see them. */
@Component
class SessionSignOut implements SignOut, SignedInAccounts {
    private final JdbcClient database;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    SessionSignOut(JdbcClient database, ApplicationEventPublisher events, Clock clock) {
        this.database = database;
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional
    public void everywhere(AccountView account) {
        database.sql("delete from spring_session where principal_name = ?")
                .param(account.username())
                .update();
        // Browsers that it was known by are forgotten as well, and its pages close.
        events.publishEvent(new SessionsEnded(account.id(), account.username(), true));
    }

    @Override
    @Transactional
    public void everybody(AccountPrincipal except) {
        events.publishEvent(new EverybodySignedOut(except.accountId(), except.getUsername()));
    }

    @Override
    public Set<String> among(Set<String> usernames) {
        return usernames.isEmpty()
                ? Set.of()
                : Set.copyOf(database.sql("select distinct principal_name from spring_session"
                                + " where principal_name in (:names) and expiry_time > :now")
                        .param("names", usernames)
                        .param("now", clock.millis())
                        .query((row, _) -> row.getString(1))
                        .list());
    }
}
