-- Creates a run once, however often and under whatever key it is asked for.
--
-- KEYS  run          hash
--       idempotency  string; not looked at when bodyHash is empty
--       runs         zset, all runs by creation
--       runsOfDag    zset, the DAG's runs by creation
--       live         set
--       inbox        list
--       history      list
--       events       stream
-- ARGV  runId
--       version           content hash of the spec
--       header            JSON
--       createdAt         ms
--       forgetBefore      ms; runs created before have passed their retention
--       bodyHash          of the request, or empty
--       idempotencyTtlMs  ms
--       entry             JSON for the history
-- returns {'created'} | {'exists', runId} | {'replayed', runId} | {'body-differs'}
local run, idempotency, runs, runsOfDag, live, inbox, history, events = unpack(KEYS)
local runId, version, header, createdAt, forgetBefore, bodyHash, idempotencyTtlMs, entry = unpack(ARGV)

if bodyHash ~= '' then
  local known = redis.call('GET', idempotency)
  if known then
    local knownHash, knownRun = string.match(known, '^(%S*) (.*)$')
    if knownHash ~= bodyHash then return {'body-differs'} end
    return {'replayed', knownRun}
  end
end
if redis.call('EXISTS', run) == 1 then return {'exists', runId} end

redis.call('HSET', run, 'header', header, 'version', version, 'state', 'queued', 'rev', 0, 'startedAt', '', 'endedAt', '')
for _, key in ipairs({runs, runsOfDag}) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', '(' .. forgetBefore)
  redis.call('ZADD', key, createdAt, runId)
end
redis.call('SADD', live, runId)
if bodyHash ~= '' then redis.call('SET', idempotency, bodyHash .. ' ' .. runId, 'PX', idempotencyTtlMs) end
redis.call('RPUSH', history, entry)
redis.call('RPUSH', inbox, 'created\n' .. runId .. '\n' .. createdAt .. '\n\n' .. header)
redis.call('XADD', events, 'MAXLEN', '~', '100000', '*', 'run', runId, 'state', 'queued', 'at', createdAt)
return {'created'}
