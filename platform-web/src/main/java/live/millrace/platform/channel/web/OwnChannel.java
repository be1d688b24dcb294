// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.web;

import java.util.List;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Whoever is signed in, as every page's header shows them: {@code own}, absent for strangers. */
@ControllerAdvice
class OwnChannel {
    private final Channels channels;

    OwnChannel(Channels channels) {
        this.channels = channels;
    }

    @ModelAttribute("own")
    @Nullable
    ChannelView own(@AuthenticationPrincipal @Nullable AccountPrincipal principal) {
        // Gone when the account was deleted and its session is about to be.
        return principal == null
                ? null
                : channels.ofAccounts(List.of(principal.accountId())).stream()
                        .findFirst()
                        .orElse(null);
    }
}
