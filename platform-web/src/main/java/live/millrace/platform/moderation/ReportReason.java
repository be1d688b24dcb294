// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation;

/** Why somebody reports something; texts are {@code report.reason.*}. */
public enum ReportReason {
    SPAM,
    HARASSMENT,
    HATE,
    SEXUAL,
    VIOLENCE,
    SELF_HARM,
    IMPERSONATION,
    COPYRIGHT,
    OTHER
}
