// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.Objects;
import live.millrace.platform.signin.Proofs;
import live.millrace.platform.signin.SessionProofs;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.stereotype.Component;

/** Adds a proof to what a session holds. */
@Component
class ProvenSession implements SessionProofs {
    private final SecurityContextRepository contexts = new HttpSessionSecurityContextRepository();
    private final Clock clock;

    ProvenSession(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void add(String proof, HttpServletRequest request, HttpServletResponse response) {
        Authentication held = Objects.requireNonNull(StaffFactorFilter.whole(
                request, SecurityContextHolder.getContext().getAuthentication()));
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(held.toBuilder()
                .authorities(authorities -> {
                    authorities.removeIf(authority -> proof.equals(authority.getAuthority()));
                    authorities.add(Proofs.of(proof, clock.instant()));
                })
                .build());
        SecurityContextHolder.setContext(context);
        // Whoever knows the id from before has nothing of what was shown now.
        if (request.getSession(false) != null) {
            request.changeSessionId();
        }
        contexts.saveContext(context, request, response);
    }
}
