// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import live.millrace.platform.account.Joining;
import live.millrace.platform.account.UsernameRules;
import live.millrace.platform.account.Vouched;

/** What the sign-up page sends. */
record SignupForm(
        @NotBlank(message = "{account.username.malformed}")
        @Pattern(regexp = UsernameRules.PATTERN, message = "{account.username.malformed}")
        String username,

        @NotBlank(message = "{account.email.malformed}")
        @Size(max = MAX_EMAIL, message = "{account.email.malformed}")
        @Email(regexp = EMAIL, message = "{account.email.malformed}")
        String email,

        @Size(min = MIN_PASSWORD, max = MAX_PASSWORD, message = "{account.password.length}")
        String password,

        @Size(max = 100) String invite,

        @Size(max = Joining.MAX_REASON, message = "{account.signup.reason.length}")
        String reason) {
    static final int MAX_EMAIL = Vouched.MOST_EMAIL;
    static final String EMAIL = Vouched.EMAIL;
    static final int MIN_PASSWORD = 10;
    static final int MAX_PASSWORD = 128;

    SignupForm {
        username = username == null ? "" : username.strip();
        email = email == null ? "" : email.strip();
        password = password == null ? "" : password;
        invite = invite == null ? "" : invite.strip();
        reason = reason == null ? "" : reason.strip();
    }

    /** Whether something looks like a mail address. */
    static boolean mail(String text) {
        return Vouched.mail(text);
    }

    static SignupForm empty(String invite) {
        return new SignupForm("", "", "", invite, "");
    }
}
