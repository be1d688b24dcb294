// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

/** What a named proxy says that it was asked for, kept beside the request: nothing is made of it, it is compared with. */
public final class ForwardedHost {
    /** The name of the request's attribute; a text. */
    public static final String ATTRIBUTE = "live.millrace.forwarded-host";

    private ForwardedHost() {}
}
