// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import org.springframework.ui.Model;

/**
 * Another way to join than by a name and a password. Each bean of this kind is a part of the sign-up page, below its form; its template has a
 * fragment {@code ways} and reads what was filled in.
 */
public interface JoiningWay {
    /** The template, without its ending. */
    String template();

    void fill(Model model);
}
