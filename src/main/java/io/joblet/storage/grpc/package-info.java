/** The gRPC edge: checks a request, calls a use case, and maps the answer or the problem back. */
package io.joblet.storage.grpc;
