// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import live.millrace.platform.account.TooBusyException;
import live.millrace.platform.shared.web.LocalRedirect;
import live.millrace.platform.signin.OpenIdException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.CredentialsExpiredException;
import org.springframework.security.authentication.DisabledException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.core.AuthenticationException;

/**
 * Why nobody was logged in, for the page that says so: it is rendered within the same request, so that what was typed as a
 * name is kept without an address or a session that holds it.
 *
 * @param messageKey what to say
 * @param name what was typed as a name; never the password
 * @param next where to go after the log-in, or nothing
 * @param pause until another try is allowed; zero at once
 */
public record LoginFailure(String messageKey, String name, String next, Duration pause) {
    /** The request attribute that holds it. */
    public static final String ATTRIBUTE = "live.millrace.login-failure";

    /** Where the page is rendered. Nobody gets there from outside. */
    public static final String PAGE = "/login/again";

    static final String BUSY = "security.login.busy";

    private static final String FAILED = "security.login.failed";
    private static final int MAX_NAME = 254;

    static void show(HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException, ServletException {
        boolean busy = failure instanceof ThrottledAuthenticationProvider.BusyException;
        Duration wait = failure instanceof TooManyTriesException tries ? tries.pause() : Duration.ZERO;
        String name = request.getParameter("username");
        request.setAttribute(
                ATTRIBUTE,
                new LoginFailure(
                        messageKey(failure),
                        name == null ? "" : name.substring(0, Math.min(name.length(), MAX_NAME)),
                        LocalRedirect.orElse(request.getParameter(LocalRedirect.PARAMETER), ""),
                        wait));
        if (!wait.isZero()) {
            response.setHeader("Retry-After", Long.toString(wait.toSeconds() + 1));
        }
        if (busy) {
            response.setHeader("Retry-After", Integer.toString(TooBusyException.RETRY_SECONDS));
        }
        response.setStatus((busy
                        ? HttpStatus.SERVICE_UNAVAILABLE
                        : wait.isZero() ? HttpStatus.UNPROCESSABLE_CONTENT : HttpStatus.TOO_MANY_REQUESTS)
                .value());
        request.getRequestDispatcher(PAGE).forward(request, response);
    }

    /** What is answered with it: whether it was wrong, or too often, or the site has no time. */
    public HttpStatus status() {
        return messageKey.equals(BUSY)
                ? HttpStatus.SERVICE_UNAVAILABLE
                : pause.isZero() ? HttpStatus.UNPROCESSABLE_CONTENT : HttpStatus.TOO_MANY_REQUESTS;
    }

    /** Of somebody whom another service did not let in, or not here. */
    public static LoginFailure ofService(OpenIdException failure, @Nullable String next) {
        return new LoginFailure(failure.messageKey(), "", LocalRedirect.orElse(next, ""), Duration.ZERO);
    }

    /** The same of somebody who is signed in. */
    public static LoginFailure ofService(String messageKey) {
        return ofConfirmation(messageKey, Duration.ZERO);
    }

    /** Of somebody who is signed in and only showed that it is they. */
    static LoginFailure ofConfirmation(String messageKey, Duration pause) {
        return new LoginFailure(messageKey, "", "", pause);
    }

    /** Of a code that was wrong, after a password that was right. */
    static LoginFailure ofCode(HttpServletRequest request, AuthenticationException failure) {
        Duration wait = failure instanceof TooManyTriesException tries ? tries.pause() : Duration.ZERO;
        boolean busy = failure instanceof ThrottledAuthenticationProvider.BusyException;
        return new LoginFailure(
                busy
                        ? BUSY
                        : !wait.isZero()
                                ? "security.login.too-many"
                                : request.getParameter("recovery") == null
                                        ? "security.code.failed"
                                        : "security.code.recovery.failed",
                "",
                LocalRedirect.orElse(request.getParameter(LocalRedirect.PARAMETER), ""),
                wait);
    }

    private static String messageKey(AuthenticationException failure) {
        return switch (failure) {
            case ThrottledAuthenticationProvider.BusyException _ -> BUSY;
            case OpenIdException service -> service.messageKey();
            case PasskeyException _ -> "security.passkey.failed";
            case TooManyTriesException _ -> "security.login.too-many";
            case LockedException _ -> "security.login.suspended";
            case CredentialsExpiredException _ -> "security.login.banned";
            case DisabledException _ -> "security.login.waiting";
            default -> FAILED;
        };
    }
}
