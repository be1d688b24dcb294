// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.util.Optional;
import live.millrace.platform.account.ChannelNames;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.UsernameRules;
import org.springframework.stereotype.Component;

/** Which user names somebody can still have. */
@Component
class FreeNames {
    private final AccountRepository accounts;
    private final ChannelNames channelNames;

    FreeNames(AccountRepository accounts, ChannelNames channelNames) {
        this.accounts = accounts;
        this.channelNames = channelNames;
    }

    /** What stands against a name now; another may have taken it a moment later. */
    Optional<Registration.Refused> refusal(String username) {
        if (!UsernameRules.wellFormed(username)) {
            return Optional.of(new Registration.Refused("username", "account.username.malformed"));
        }
        if (UsernameRules.reserved(username)) {
            return Optional.of(new Registration.Refused("username", "account.username.reserved"));
        }
        if (accounts.findByUsername(username).isPresent() || channelNames.taken(username)) {
            return Optional.of(new Registration.Refused("username", "account.username.taken"));
        }
        if (accounts.existsByUsernameSkeleton(UsernameRules.skeleton(username)) || channelNames.confusable(username)) {
            return Optional.of(new Registration.Refused("username", "account.username.confusable"));
        }
        return Optional.empty();
    }
}
