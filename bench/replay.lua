-- wrk -s replay.lua URL -- FILE [once]
-- Sends the requests of FILE in order, again from the first one unless told "once", and prints one line of JSON.
-- FILE holds raw HTTP requests, each after a line with its length in bytes.

local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

function init(arguments)
  prepared, once, sent, ran_out = {}, arguments[2] == "once", 0, false
  local file = assert(io.open(arguments[1], "rb"))
  for line in file:lines() do
    prepared[#prepared + 1] = file:read(tonumber(line))
  end
  file:close()
end

function request()
  if sent == #prepared then
    if once then
      ran_out = true
      wrk.thread:stop()
    end
    sent = once and sent - 1 or 0
  end
  sent = sent + 1
  return prepared[sent]
end

function done(summary, latency)
  local errors, thread = summary.errors, threads[1]
  io.write(string.format(
    '{"answered":%d,"seconds":%.6f,"p50":%.3f,"p99":%.3f,"slowest":%.3f,"refused":%d,"broken":%d,"sent":%d,"ran_out":%s}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    thread:get("sent"), tostring(thread:get("ran_out"))))
end
