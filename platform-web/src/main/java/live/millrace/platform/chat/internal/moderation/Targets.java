// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.util.Optional;
import java.util.OptionalLong;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.UsernameRules;
import live.millrace.platform.audience.Guests;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.moderation.ModerationStore.Target;
import live.millrace.platform.chat.internal.room.Room;
import org.springframework.stereotype.Component;

/** Whom an action is against. */
@Component
class Targets {
    private final Accounts accounts;
    private final Guests guests;

    Targets(Accounts accounts, Guests guests) {
        this.accounts = accounts;
        this.guests = guests;
    }

    /** The same, for what is no use against a guest who is off the channel's list. */
    Target present(Room room, AccountPrincipal principal, ModerationCommand command) throws NotDoneException {
        Target target = of(room, principal, command);
        if (target.whom() instanceof Talker.Invited guest
                && guests.find(guest.guestId()).isEmpty()) {
            throw NotDoneException.because("guest");
        }
        return target;
    }

    /** Nobody may act against the owner, staff, themselves, or, as a moderator, against another one. */
    Target of(Room room, AccountPrincipal principal, ModerationCommand command) throws NotDoneException {
        String name = UsernameRules.fold(
                command.target() == null ? "" : command.target().strip().replaceFirst("^@", ""));
        OptionalLong guest = Talker.Invited.id(name);
        if (guest.isPresent()) {
            // Removed or not: what they said may still be there.
            return guests.known(room.channel().id(), guest.getAsLong())
                    .map(known -> Target.of(new Talker.Invited(known.id(), known.name())))
                    .orElseThrow(() -> NotDoneException.because("nobody"));
        }
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
        return new Target(new Talker.Person(id), name);
    }
}
