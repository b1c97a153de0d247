#include "request.h"

static enum request_state bad(struct request *request, const char *reason)
{
	request->reason = reason;
	return REQUEST_BAD;
}

void request_start(struct request *request)
{
	*request = (struct request){0};
}

enum request_state request_byte(struct request *request, char byte, uint64_t limit)
{
	if (++request->length > REQUEST_MAX)
		return bad(request, "the line is too long");
	if (byte == '\n') {
		request->length--;
		return request_end(request);
	}
	if (request->carriage_return || (byte == '\r' && request->length == 1))
		return bad(request, "a carriage return that ends no count");
	if (byte == '\r') {
		request->carriage_return = true;
		return REQUEST_OPEN;
	}
	if (byte < '0' || byte > '9')
		return bad(request, "not a decimal count");
	request->count = request->count * 10 + (uint64_t)(byte - '0');
	if (request->count > limit)
		return bad(request, "more bytes than the limit (-m) allows");
	return REQUEST_OPEN;
}

enum request_state request_end(struct request *request)
{
	if (request->length == 0)
		return bad(request, "an empty line");
	return REQUEST_COMPLETE;
}
