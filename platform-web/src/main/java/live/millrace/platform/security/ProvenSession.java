// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import live.millrace.platform.account.Reauthentication;
import live.millrace.platform.signin.SessionProofs;
import org.springframework.stereotype.Component;

/** Adds a proof to what a session holds: whoever just set one up has shown that it is they. */
@Component
class ProvenSession implements SessionProofs {
    private final Reauthentication reauthentication;

    ProvenSession(Reauthentication reauthentication) {
        this.reauthentication = reauthentication;
    }

    @Override
    public void add(String proof, HttpServletRequest request, HttpServletResponse response) {
        reauthentication.confirmed(proof, request, response);
    }
}
