// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.UsernameRules;
import live.millrace.platform.chat.internal.moderation.ModerationStore.Target;
import live.millrace.platform.chat.internal.room.Room;
import org.springframework.stereotype.Component;

/** Whom an action is against. */
@Component
class Targets {
    private final Accounts accounts;

    Targets(Accounts accounts) {
        this.accounts = accounts;
    }

    /** Nobody may act against the owner, staff, themselves, or, as a moderator, against another one. */
    Target of(Room room, AccountPrincipal principal, ModerationCommand command) throws NotDoneException {
        String name = UsernameRules.fold(
                command.target() == null ? "" : command.target().strip().replaceFirst("^@", ""));
        if (!UsernameRules.wellFormed(name)) {
            throw NotDoneException.because("name");
        }
        Optional<AccountView> account = accounts.findByUsername(name);
        if (account.isEmpty()) {
            return new Target(null, name);
        }
        long id = account.get().id();
        boolean chief =
                principal.staff() || principal.accountId() == room.channel().accountId();
        if (id == principal.accountId()) {
            throw NotDoneException.because("self");
        }
        if (id == room.channel().accountId()
                || account.get().role().atLeast(Role.MODERATOR)
                || (room.moderatedBy(id) && !chief)) {
            throw NotDoneException.because("protected");
        }
        return new Target(id, name);
    }
}
