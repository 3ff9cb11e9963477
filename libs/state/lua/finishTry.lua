-- A worker records how its try ended. Refused when the record is not the claim any more.
--
-- KEYS  tasks    hash
--       tries    hash
--       outputs  hash
--       inbox    list
--       history  list
--       events   stream
-- ARGV  runId
--       taskId
--       fence      running|gen|try|epoch|
--       record     state|gen|try|epoch|infra|json
--       state      that of the record
--       at         ms
--       tryField   task/try.infra, or empty
--       tryRecord  JSON
--       output     JSON of the result, or empty
--       entry      JSON for the history, or empty: nobody has to hear of it but the leader
-- returns 1 | 0 when another claim holds the try
local tasks, tries, outputs, inbox, history, events = unpack(KEYS)
local runId, taskId, fence, record, state, at, tryField, tryRecord, output, entry = unpack(ARGV)

local known = redis.call('HGET', tasks, taskId)
if not known then return 0 end
if string.sub(known, 1, #fence) ~= fence then
  -- The same call once more is no other claim: its connection broke before the answer arrived.
  return known == record and 1 or 0
end

redis.call('HSET', tasks, taskId, record)
if tryField ~= '' then redis.call('HSET', tries, tryField, tryRecord) end
if output ~= '' then redis.call('HSET', outputs, taskId, output) end
redis.call('RPUSH', inbox, 'ended\n' .. runId .. '\n' .. at .. '\n' .. taskId .. '\n' .. record)
if entry ~= '' then
  redis.call('RPUSH', history, entry)
  redis.call('XADD', events, 'MAXLEN', '~', '100000', '*', 'run', runId, 'state', state, 'at', at, 'task', taskId)
end
return 1
