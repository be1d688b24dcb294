// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.util.Optional;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.springframework.stereotype.Component;

/** What stands before every sign-up, in whichever way somebody joins. */
@Component
public class JoiningGate {
    private final AddressBans bans;
    private final SiteSettings settings;
    private final RegistrationLimit limit;

    public JoiningGate(AddressBans bans, SiteSettings settings, RegistrationLimit limit) {
        this.bans = bans;
        this.settings = settings;
        this.limit = limit;
    }

    /** Why nobody may sign up from an address at this moment: the key of a text. What it answers nothing to is counted. */
    public Optional<String> refusal(String remoteAddress) {
        if (bans.banned(remoteAddress)) {
            return Optional.of("account.signup.banned");
        }
        if (settings.text(Setting.MAINTENANCE).equals("on")) {
            return Optional.of("account.signup.maintenance");
        }
        return limit.tryRegister(remoteAddress) ? Optional.empty() : Optional.of("account.signup.too-many");
    }
}
