// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import live.millrace.platform.account.SuspendedVisit;
import live.millrace.platform.account.TooBusyException;
import live.millrace.platform.shared.DatabaseState;
import live.millrace.platform.shared.web.LocalRedirect;
import live.millrace.platform.signin.OpenIdNewcomers;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.stereotype.Component;

/** Where people go who were not signed in, in whichever way they tried. */
@Component
class LoginFailures implements AuthenticationFailureHandler {
    private final SuspendedVisit suspended;
    private final SecondStep step;
    private final OpenIdNewcomers newcomers;

    LoginFailures(SuspendedVisit suspended, SecondStep step, OpenIdNewcomers newcomers) {
        this.newcomers = newcomers;
        this.suspended = suspended;
        this.step = step;
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException, ServletException {
        if (DatabaseState.causes(failure)) {
            // Nobody was refused: nobody could be looked up.
            throw failure;
        }
        switch (failure) {
            case SuspendedException suspension ->
                // Where they learn why, and may ask for another look.
                response.sendRedirect(suspended.open(suspension.accountId()));
            case SecondStepException second -> {
                step.begin(second, request);
                String next = LocalRedirect.orElse(request.getParameter(LocalRedirect.PARAMETER), "");
                response.sendRedirect(SecondStep.PATH + (next.isEmpty() ? "" : "?continue=" + encoded(next)));
            }
            case UnknownArrivalException unknown -> {
                newcomers.keep(unknown.arrival(), request);
                response.sendRedirect(OpenIdNewcomers.PATH);
            }
            case AuthenticationCredentialsNotFoundException _ -> response.sendRedirect("/login");
            default -> LoginFailure.show(request, response, failure);
        }
    }

    private static String encoded(String path) {
        return java.net.URLEncoder.encode(path, java.nio.charset.StandardCharsets.UTF_8);
    }

    /** The page that asks for the code, once more. */
    void code(HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException, ServletException {
        boolean wait = failure instanceof TooManyTriesException;
        boolean busy = failure instanceof ThrottledAuthenticationProvider.BusyException;
        if (!wait && !busy && !(failure instanceof BadCredentialsException)) {
            onAuthenticationFailure(request, response, failure);
            return;
        }
        request.setAttribute(LoginFailure.ATTRIBUTE, LoginFailure.ofCode(request, failure));
        if (busy) {
            response.setHeader("Retry-After", Integer.toString(TooBusyException.RETRY_SECONDS));
        }
        response.setStatus((wait
                        ? HttpStatus.TOO_MANY_REQUESTS
                        : busy ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.UNPROCESSABLE_CONTENT)
                .value());
        request.getRequestDispatcher(SecondStep.PATH + "/again").forward(request, response);
    }
}
