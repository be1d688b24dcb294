// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.web;

import live.millrace.platform.account.JoiningWay;
import live.millrace.platform.signin.OpenIdProviders;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** The buttons of other services on the sign-up page. */
@Component
class ServicesDoor implements JoiningWay {
    private final OpenIdProviders services;

    ServicesDoor(OpenIdProviders services) {
        this.services = services;
    }

    @Override
    public String template() {
        return "signin/services";
    }

    @Override
    public void fill(Model model) {
        model.addAttribute("services", services.offered());
    }
}
