-- The leader writes one step of a run as a whole.
--
-- KEYS  leader   string
--       run      hash
--       tasks    hash
--       tries    hash
--       outputs  hash
--       history  list
--       notes    hash
--       remarks  hash
--       acts     hash: act id -> what is left of it
--       stops    hash: task id -> generation
--       live     set
--       ended    zset
--       outbox   hash: job id -> order
--       events   stream
-- ARGV  token        the leader's
--       runId
--       fromRev      revision the step started from
--       rev          revision after the step
--       state        the run's, after the step
--       startedAt    ms, or empty
--       endedAt      ms, or empty
--       cancelAt     ms; none: a request that was there is used up; empty: as it is
--       endsAs       state, or empty
--       header       JSON, or empty: as it is
--       version      that of the header
--       at           ms
--       retentionMs  ms that the run is kept, or empty while it has not ended
--       channel      of cancels
--       changeCount
--       orderCount
--       actCount
--       stopCount
--       changes, orders, acts, stops, entries...
--                    changeCount times: task id, states it may be in as ,a,b, - state after, record after
--                    orderCount times: job id, JSON
--                    actCount times: act id, JSON of what is left of it or empty
--                    stopCount times: task id, generation
--                    the rest: JSON for the history
-- returns {'committed', skipped task ids...} | {'conflict'} | {'not-leader'}
local leader, run, tasks, tries, outputs, history, notes, remarks, acts, stops, live, ended, outbox, events = unpack(KEYS)
local token, runId, fromRev, rev, state, startedAt, endedAt, cancelAt, endsAs, header, version, at, retentionMs, channel, changeCount, orderCount, actCount, stopCount = unpack(ARGV, 1, 18)
local firstChange, firstOrder = 19, 19 + 4 * changeCount
local firstAct = firstOrder + 2 * orderCount
local firstStop = firstAct + 2 * actCount
local firstEntry = firstStop + 2 * stopCount

if redis.call('GET', leader) ~= token then return {'not-leader'} end
local runNow = redis.call('HMGET', run, 'rev', 'state', 'cancelAt')
if runNow[1] ~= fromRev then return {'conflict'} end

local answer = {'committed'}
local apply = {}
for i = firstChange, firstOrder - 1, 4 do
  local known = redis.call('HGET', tasks, ARGV[i])
  local stateNow = known and string.match(known, '^[%a_]+') or 'none'
  if string.find(ARGV[i + 1], ',' .. stateNow .. ',', 1, true) then
    apply[#apply + 1] = i
  else
    answer[#answer + 1] = ARGV[i]
  end
end
-- A run must not end, and an act must not be done, over a task that is somewhere else than the leader believes.
if (retentionMs ~= '' or firstStop > firstAct) and #answer > 1 then return {'conflict'} end

local anyStop = redis.call('EXISTS', stops) == 1
for _, i in ipairs(apply) do
  if anyStop then redis.call('HDEL', stops, ARGV[i]) end
  redis.call('HSET', tasks, ARGV[i], ARGV[i + 3])
  redis.call('XADD', events, 'MAXLEN', '~', '100000', '*', 'run', runId, 'state', ARGV[i + 2], 'at', at, 'task', ARGV[i])
end
for i = firstOrder, firstAct - 1, 2 do
  redis.call('HSET', outbox, ARGV[i], ARGV[i + 1])
end
for i = firstAct, firstStop - 1, 2 do
  if ARGV[i + 1] == '' then
    redis.call('HDEL', acts, ARGV[i])
  else
    redis.call('HSET', acts, ARGV[i], ARGV[i + 1])
  end
end
for i = firstStop, firstEntry - 1, 2 do
  redis.call('HSET', stops, ARGV[i], ARGV[i + 1])
  redis.call('PUBLISH', channel, runId .. '\n' .. ARGV[i] .. '\n' .. ARGV[i + 1])
end
for i = firstEntry, #ARGV do
  redis.call('RPUSH', history, ARGV[i])
end
redis.call('HSET', run, 'rev', rev, 'state', state, 'startedAt', startedAt, 'endedAt', endedAt, 'endsAs', endsAs)
if header ~= '' then redis.call('HSET', run, 'header', header, 'version', version) end
if cancelAt == 'none' then
  redis.call('HDEL', run, 'cancelAt')
elseif cancelAt ~= '' and not runNow[3] then
  redis.call('HSET', run, 'cancelAt', cancelAt)
  redis.call('PUBLISH', channel, runId)
end
if state ~= runNow[2] then
  redis.call('XADD', events, 'MAXLEN', '~', '100000', '*', 'run', runId, 'state', state, 'at', at)
end

local hasEnded = runNow[2] ~= 'queued' and runNow[2] ~= 'running'
if retentionMs ~= '' then
  -- An act that came while the run ended has still to be looked at.
  if redis.call('HLEN', acts) == 0 then
    redis.call('SREM', live, runId)
  end
  redis.call('DEL', stops)
  redis.call('ZADD', ended, at, runId)
  for _, key in ipairs({run, tasks, tries, outputs, history, notes, remarks}) do redis.call('PEXPIRE', key, retentionMs) end
elseif hasEnded then
  redis.call('SADD', live, runId)
  redis.call('ZREM', ended, runId)
  for _, key in ipairs({run, tasks, tries, outputs, history, notes, remarks}) do redis.call('PERSIST', key) end
end
return answer
