// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared.web;

import jakarta.servlet.http.HttpServletRequest;
import live.millrace.platform.shared.DatabaseState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Errors of the API as problem details (RFC 9457). Pages have error pages of their own. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ApiErrors {
    private static final Logger LOG = LoggerFactory.getLogger(ApiErrors.class);

    private final MessageSource messages;

    ApiErrors(MessageSource messages) {
        this.messages = messages;
    }

    @ExceptionHandler(Exception.class)
    ResponseEntity<ProblemDetail> problem(Exception error, HttpServletRequest request) throws Exception {
        if (!request.getRequestURI().startsWith("/api/")
                || DatabaseState.causes(error)
                || error instanceof AccessDeniedException) {
            // Pages have theirs, and that the database is away, or somebody may not, has one answer wherever it is
            // noticed.
            throw error;
        }
        if (error instanceof ErrorResponse response) {
            return ResponseEntity.status(response.getStatusCode())
                    .headers(response.getHeaders())
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .body(response.getBody());
        }
        boolean malformed = error instanceof TypeMismatchException
                || error instanceof HttpMessageNotReadableException
                || error instanceof RequestRejectedException;
        if (!malformed) {
            LOG.error("The API failed", error);
        }
        HttpStatus status = malformed ? HttpStatus.BAD_REQUEST : HttpStatus.INTERNAL_SERVER_ERROR;
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(ProblemDetail.forStatusAndDetail(
                        status,
                        messages.getMessage(
                                malformed ? "error.api.malformed" : "error.api.failed",
                                null,
                                LocaleContextHolder.getLocale())));
    }
}
